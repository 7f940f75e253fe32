#include "schema/event.hpp"

#include <bit>
#include <cstring>
#include <limits>

#include "schema/order_id.hpp"

namespace circuit::schema {
namespace {

// map header, "seq" with its header, and the mark of a nine-byte integer
constexpr std::size_t seq_offset = 1 + 4 + 1;
constexpr char uint64_mark = static_cast<char>(0xcf);

struct FieldCounter {
  std::uint32_t count = 0;
  void operator()(std::string_view, const auto&) { ++count; }
};

struct FieldWriter {
  Packer& packer;
  void operator()(std::string_view name, std::string_view value) { packer.text(name).text(value); }
  void operator()(std::string_view name, std::int64_t value) { packer.text(name).integer(value); }
  void operator()(std::string_view name, std::uint32_t value) { packer.text(name).natural(value); }
  void operator()(std::string_view name, const std::vector<DeliveredFile>& files) {
    packer.text(name).array(static_cast<std::uint32_t>(files.size()));
    for (const DeliveredFile& file : files)
      packer.map(3).text("name").text(file.name).text("size").natural(file.size).text("sha256").text(file.sha256);
  }
};

// Reads the named fields in any order; a missing one stays empty, so that a later version may add fields.
struct FieldReader {
  const Document::Value& data;
  bool good = true;

  void operator()(std::string_view name, std::string_view& out) { read(name, &Document::Value::string, out); }
  void operator()(std::string_view name, std::int64_t& out) { read(name, &Document::Value::integer, out); }
  void operator()(std::string_view name, std::uint32_t& out) {
    std::uint64_t wide = 0;
    read(name, &Document::Value::natural, wide);
    good = good && wide <= std::numeric_limits<std::uint32_t>::max();
    out = static_cast<std::uint32_t>(wide);
  }
  void operator()(std::string_view name, std::vector<DeliveredFile>& files) {
    const Document::Value list = data.find(name);
    if (!list) return;
    Document::Value at = list.first_child();
    for (std::uint32_t i = 0; i < list.size(); ++i, at = at.next()) {
      DeliveredFile& file = files.emplace_back();
      FieldReader reader{at};
      reader("name", file.name);
      reader.read("size", &Document::Value::natural, file.size);
      reader("sha256", file.sha256);
      good = good && reader.good;
    }
  }

  template <class T, class Read>
  void read(std::string_view name, Read method, T& out) {
    const Document::Value value = data.find(name);
    if (!value) return;
    const auto held = (value.*method)();
    good = good && held.has_value();
    if (held) out = *held;
  }
};

}  // namespace

void encode_event(std::string& out, const Event& event) {
  const std::size_t start = out.size();
  Packer packer(out);
  packer.map(7).text("seq");
  out.append(1, uint64_mark).append(sizeof event.seq, '\0');
  set_event_seq(out.data() + start, event.seq);
  packer.text("ts").integer(event.ts);
  packer.text("type").text(name_of(event.type));
  std::array<char, order_id_bytes> order_id;
  write_order_id(event.order, order_id);
  packer.text("order_id").text({order_id.data(), order_id.size()});
  packer.text("version").natural(event.version);
  packer.text("status").text(name_of(event.status));
  FieldCounter counter;
  for_each_field(event.type, event.data, counter);
  packer.text("data").map(counter.count);
  for_each_field(event.type, event.data, FieldWriter{packer});
}

void set_event_seq(char* encoded, std::uint64_t seq) {
  const std::uint64_t big_endian = __builtin_bswap64(seq);
  static_assert(std::endian::native == std::endian::little);
  std::memcpy(encoded + seq_offset, &big_endian, sizeof big_endian);
}

std::uint64_t event_seq(std::string_view encoded) {
  CIRCUIT_CHECK(encoded.size() > seq_offset + sizeof(std::uint64_t), "an event holds its sequence number");
  std::uint64_t big_endian;
  std::memcpy(&big_endian, encoded.data() + seq_offset, sizeof big_endian);
  return __builtin_bswap64(big_endian);
}

std::optional<Event> decode_event(const Document::Value& value) {
  if (!value.is_map()) return std::nullopt;
  FieldReader top{value};
  Event event;
  std::string_view type, order_id, status;
  top.read("seq", &Document::Value::natural, event.seq);
  top("ts", event.ts);
  top("type", type);
  top("order_id", order_id);
  top("version", event.version);
  top("status", status);
  const auto known_type = event_type_from_name(type);
  const auto known_status = status_from_name(status);
  const auto order = parse_order_id(order_id);
  const Document::Value data = value.find("data");
  if (!top.good || !known_type || !known_status || !order || !data || !data.is_map()) return std::nullopt;
  event.type = *known_type;
  event.status = *known_status;
  event.order = *order;
  FieldReader reader{data};
  // Which fields there are depends on these two, so they are known before the others are read.
  reader("deliverable", event.data.deliverable);
  reader("operator", event.data.operator_name);
  reader("directory", event.data.directory);
  for_each_field(event.type, event.data, reader);
  if (!reader.good) return std::nullopt;
  return event;
}

}  // namespace circuit::schema
