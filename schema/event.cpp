#include "schema/event.hpp"

#include <bit>
#include <cstring>
#include <limits>

#include "schema/order_id.hpp"

namespace circuit::schema {
namespace {

// map header, "seq" with its header, and the mark of a nine-byte integer
constexpr std::size_t seq_offset = 1 + 4 + 1;

// Of everything in the event but its texts: names, heads and numbers.
constexpr std::size_t fixed_bytes_max = 512;

// How many fields there are, and how many bytes their texts have.
struct FieldSizes {
  std::uint32_t count = 0;
  std::size_t bytes = 0;
  void operator()(std::string_view, std::string_view value) { ++count, bytes += value.size(); }
  void operator()(std::string_view, const std::vector<DeliveredFile>& files) {
    constexpr std::size_t names_and_heads = 64;
    ++count;
    for (const DeliveredFile& file : files) bytes += names_and_heads + file.name.size() + file.sha256.size();
  }
  template <class Number>
  void operator()(std::string_view, Number) {
    ++count;
  }
};

struct FieldWriter {
  PackCursor& cursor;
  void operator()(std::string_view name, std::string_view value) { cursor.text(name), cursor.text(value); }
  void operator()(std::string_view name, std::int64_t value) { cursor.text(name), cursor.integer(value); }
  void operator()(std::string_view name, std::uint32_t value) { cursor.text(name), cursor.natural(value); }
  void operator()(std::string_view name, const std::vector<DeliveredFile>& files) {
    cursor.text(name);
    cursor.array(static_cast<std::uint32_t>(files.size()));
    for (const DeliveredFile& file : files) {
      cursor.map(3);
      cursor.text("name"), cursor.text(file.name);
      cursor.text("size"), cursor.natural(file.size);
      cursor.text("sha256"), cursor.text(file.sha256);
    }
  }
};

// Reads the named fields in any order; a missing one stays empty, so that a later version may add fields. It is quick
// when they come in the order in which they are asked for, as encode_event writes them.
struct FieldReader {
  explicit FieldReader(const Document::Value& map)
      : data(map), next(map.first_child()), left(map.is_map() ? map.size() : 0) {}

  const Document::Value& data;
  Document::Value next;  // the key behind the one that was asked for last
  std::uint32_t left;    // pairs from there on
  bool good = true;

  [[nodiscard]] Document::Value find(std::string_view name) {
    if (left == 0 || next.string() != name) return data.find(name);
    const Document::Value value = next.next();
    if (--left > 0) next = value.next();
    return value;
  }

  void operator()(std::string_view name, std::string_view& out) { read(name, &Document::Value::string, out); }
  void operator()(std::string_view name, std::int64_t& out) { read(name, &Document::Value::integer, out); }
  void operator()(std::string_view name, std::uint32_t& out) {
    std::uint64_t wide = 0;
    read(name, &Document::Value::natural, wide);
    good = good && wide <= std::numeric_limits<std::uint32_t>::max();
    out = static_cast<std::uint32_t>(wide);
  }
  void operator()(std::string_view name, std::vector<DeliveredFile>& files) {
    const Document::Value list = find(name);
    if (!list) return;
    Document::Value at = list.first_child();
    for (std::uint32_t i = 0; i < list.size(); ++i, at = at.next()) {
      DeliveredFile& file = files.emplace_back();
      FieldReader reader(at);
      reader("name", file.name);
      reader.read("size", &Document::Value::natural, file.size);
      reader("sha256", file.sha256);
      good = good && reader.good;
    }
  }

  template <class T, class Read>
  void read(std::string_view name, Read method, T& out) {
    const Document::Value value = find(name);
    if (!value) return;
    const auto held = (value.*method)();
    good = good && held.has_value();
    if (held) out = *held;
  }
};

}  // namespace

void encode_event(std::string& out, const Event& event) {
  FieldSizes sizes;
  for_each_field(event.type, event.data, sizes);
  append_packed(out, fixed_bytes_max + sizes.bytes, [&](PackCursor& cursor) {
    cursor.map(7);
    cursor.text("seq"), cursor.nine_bytes(event.seq);
    cursor.text("ts"), cursor.integer(event.ts);
    cursor.text("type"), cursor.text(name_of(event.type));
    std::array<char, order_id_bytes> order_id;
    write_order_id(event.order, order_id);
    cursor.text("order_id"), cursor.text({order_id.data(), order_id.size()});
    cursor.text("version"), cursor.natural(event.version);
    cursor.text("status"), cursor.text(name_of(event.status));
    cursor.text("data"), cursor.map(sizes.count);
    for_each_field(event.type, event.data, FieldWriter{cursor});
  });
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
  FieldReader top(value);
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
  const Document::Value data = top.find("data");
  if (!top.good || !known_type || !known_status || !order || !data || !data.is_map()) return std::nullopt;
  event.type = *known_type;
  event.status = *known_status;
  event.order = *order;
  FieldReader reader(data);
  for_each_field(event.type, event.data, reader);
  // The one field that there may be or not.
  reader("operator", event.data.operator_name);
  if (!reader.good) return std::nullopt;
  return event;
}

}  // namespace circuit::schema
