#include "workers/sandbox/ledger_line.hpp"

#include <algorithm>
#include <charconv>
#include <span>

#include "schema/check.hpp"
#include "schema/order_id.hpp"
#include "schema/time_text.hpp"

namespace circuit::sandbox {
namespace {

constexpr std::array<std::string_view, 5> op_names = {"none", "capture", "void", "refund", "decline"};
constexpr std::array<std::string_view, 5> op_letters = {"", "ch", "vo", "re", "de"};
constexpr std::size_t reference_digits_min = 12;

// Fills a buffer that is large enough for any line.
class Writer {
 public:
  explicit Writer(char* at) : at_(at) {}
  Writer& text(std::string_view text) {
    at_ = std::copy(text.begin(), text.end(), at_);
    return *this;
  }
  template <class Number>
  Writer& number(Number number) {
    at_ = std::to_chars(at_, at_ + 20, number).ptr;
    return *this;
  }
  Writer& time(std::int64_t time_us) {
    schema::write_time_text(time_us, std::span<char, schema::time_text_bytes>(at_, schema::time_text_bytes));
    at_ += schema::time_text_bytes;
    return *this;
  }
  Writer& order(const schema::Uuid& order) {
    schema::write_order_id(order, std::span<char, schema::order_id_bytes>(at_, schema::order_id_bytes));
    at_ += schema::order_id_bytes;
    return *this;
  }
  [[nodiscard]] char* at() const { return at_; }

 private:
  char* at_;
};

// Takes the pieces of a line from its front; after the first that does not fit, everything fails.
class Reader {
 public:
  explicit Reader(std::string_view rest) : rest_(rest) {}
  Reader& text(std::string_view expected) {
    good_ = good_ && rest_.starts_with(expected);
    if (good_) rest_.remove_prefix(expected.size());
    return *this;
  }
  template <class Number>
  Reader& number(Number& out) {
    const auto [end, error] = std::from_chars(rest_.data(), rest_.data() + rest_.size(), out);
    good_ = good_ && error == std::errc{};
    if (good_) rest_.remove_prefix(static_cast<std::size_t>(end - rest_.data()));
    return *this;
  }
  // Everything up to a quotation mark.
  std::string_view word() {
    const std::string_view word = rest_.substr(0, rest_.find('"'));
    rest_.remove_prefix(word.size());
    return word;
  }
  std::string_view take(std::size_t size) {
    const std::string_view taken = rest_.substr(0, size);
    rest_.remove_prefix(taken.size());
    return taken;
  }
  [[nodiscard]] bool good() const { return good_; }

 private:
  std::string_view rest_;
  bool good_ = true;
};

}  // namespace

Reference::Reference(LedgerOp op, std::uint64_t seq) {
  std::array<char, 20> digits;
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), seq).ptr;
  const auto count = static_cast<std::size_t>(end - digits.data());
  Writer writer(text_.data());
  writer.text(op_letters[static_cast<std::size_t>(op)]).text("_");
  for (std::size_t i = count; i < reference_digits_min; ++i) writer.text("0");
  writer.text({digits.data(), count});
  size_ = static_cast<std::size_t>(writer.at() - text_.data());
}

void write_ledger_line(std::string& out, const LedgerLine& line) {
  std::array<char, ledger_line_bytes_max> buffer;
  Writer to(buffer.data());
  to.text(R"({"seq":)").number(line.seq).text(R"(,"ts":")").time(line.ts).text(R"(","op":")");
  to.text(op_names[static_cast<std::size_t>(line.op)]).text(R"(","key":")").order(line.key.order);
  to.text("/").number(line.key.attempt).text(R"(","order_id":")").order(line.key.order);
  to.text(R"(","attempt":)").number(line.key.attempt).text(R"(,"amount":)").number(line.amount);
  to.text(R"(,"currency":")").text(line.currency_text()).text(R"(","reference":")");
  to.text(Reference(line.op, line.seq).text()).text("\"}\n");
  out.append(buffer.data(), to.at());
}

std::optional<LedgerLine> parse_ledger_line(std::string_view text) {
  LedgerLine line;
  Reader from(text);
  from.text(R"({"seq":)").number(line.seq).text(R"(,"ts":")");
  const auto ts = schema::parse_time_text(from.word());
  from.text(R"(","op":")");
  const auto name = std::find(op_names.begin() + 1, op_names.end(), from.word());
  from.text(R"(","key":")");
  const auto order = schema::parse_order_id(from.take(schema::order_id_bytes));
  from.text("/").number(line.key.attempt).text(R"(","order_id":")").take(schema::order_id_bytes);
  from.text(R"(","attempt":)").number(line.key.attempt).text(R"(,"amount":)").number(line.amount);
  from.text(R"(,"currency":")");
  const std::string_view currency = from.take(line.currency.size());
  if (!from.good() || !ts || !order || name == op_names.end() || currency.size() != line.currency.size()) return {};
  if (!std::all_of(currency.begin(), currency.end(), [](char c) { return c >= 'A' && c <= 'Z'; })) return {};
  line.ts = *ts;
  line.op = static_cast<LedgerOp>(name - op_names.begin());
  line.key.order = *order;
  std::copy(currency.begin(), currency.end(), line.currency.begin());
  // Everything that was skipped above is a repetition; writing the line again compares it all.
  std::string again;
  again.reserve(ledger_line_bytes_max);
  write_ledger_line(again, line);
  again.pop_back();
  if (again != text) return {};
  return line;
}

}  // namespace circuit::sandbox
