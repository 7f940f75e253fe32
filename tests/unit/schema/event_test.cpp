#include <catch2/catch.hpp>

#include "schema/event.hpp"

using namespace circuit::schema;

namespace {

Event sample(EventType type) {
  Event event;
  event.seq = 0x0102030405060708;
  event.ts = 1'795'341'100'703'444;
  event.type = type;
  event.order.bytes = {0x01, 0x9a, 1, 2, 3, 4, 0x70, 5, 0x80, 6, 7, 8, 9, 10, 11, 12};
  event.version = 3;
  event.status = Status::paid;
  event.data.customer_id = "customer_001";
  event.data.product_id = "DATA_ANALYSIS_V1";
  event.data.amount = 5000;
  event.data.currency = "USD";
  event.data.attempt = 2;
  event.data.provider = "sandbox";
  event.data.charge_id = "ch_1";
  event.data.refund_id = "re_1";
  event.data.reason = "declined";
  event.data.message = "the card was declined";
  event.data.made_by = "payment";
  event.data.deliverable = deliverable_files;
  event.data.directory = "1-2";
  event.data.delivery_us = 1234;
  event.data.files = {{"report.html", 10, "00ff"}, {"summary.txt", 3, "aa"}};
  return event;
}

// Every named field of the two, compared.
struct Collect {
  std::string& out;
  void operator()(std::string_view name, std::string_view value) {
    out.append(name).append("=").append(value).append(";");
  }
  void operator()(std::string_view name, std::int64_t value) { (*this)(name, std::string_view(std::to_string(value))); }
  void operator()(std::string_view name, std::uint32_t value) {
    (*this)(name, std::string_view(std::to_string(value)));
  }
  void operator()(std::string_view name, const std::vector<DeliveredFile>& files) {
    for (const DeliveredFile& file : files) {
      (*this)(name, file.name);
      (*this)(name, static_cast<std::int64_t>(file.size));
      (*this)(name, file.sha256);
    }
  }
};
std::string fields_of(const Event& event) {
  std::string out;
  for_each_field(event.type, event.data, Collect{out});
  return out;
}

}  // namespace

TEST_CASE("every type of event is read back as it was written") {
  for (std::size_t i = 2; i < 2 * event_type_names.size(); ++i) {
    Event event = sample(static_cast<EventType>(i / 2));
    if (i % 2 == 1) event.data.operator_name = "alice";
    std::string bytes;
    encode_event(bytes, event);
    Document document;
    REQUIRE_FALSE(document.parse(bytes));
    const auto read = decode_event(document.root());
    REQUIRE(read);
    CAPTURE(name_of(event.type));
    CHECK(read->seq == event.seq);
    CHECK(read->ts == event.ts);
    CHECK(read->type == event.type);
    CHECK(read->order == event.order);
    CHECK(read->version == event.version);
    CHECK(read->status == event.status);
    CHECK(fields_of(*read) == fields_of(event));
    CHECK(read->data.operator_name == event.data.operator_name);
  }
}

TEST_CASE("a sequence number is written in place") {
  std::string bytes;
  encode_event(bytes, sample(EventType::order_created));
  set_event_seq(bytes.data(), 42);
  CHECK(event_seq(bytes) == 42);
  Document document;
  REQUIRE_FALSE(document.parse(bytes));
  CHECK(decode_event(document.root())->seq == 42);
}

TEST_CASE("no event has a field for input, metadata, tokens or addresses") {
  for (std::size_t i = 1; i < event_type_names.size(); ++i) {
    EventData data;
    for (const std::string_view deliverable : {deliverable_files, deliverable_license}) {
      data.deliverable = deliverable;
      for_each_field(static_cast<EventType>(i), data, [](std::string_view name, const auto&) {
        for (const char* forbidden :
             {"input", "metadata", "token", "client_ip", "address", "upstream", "idempotency_key"})
          CHECK(name != forbidden);
      });
    }
  }
}

TEST_CASE("what is no event is not read as one") {
  Document document;
  std::string bytes;
  Packer(bytes).map(1).text("seq").natural(1);
  REQUIRE_FALSE(document.parse(bytes));
  CHECK_FALSE(decode_event(document.root()));
}
