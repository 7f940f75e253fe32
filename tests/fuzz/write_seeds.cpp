// Writes what the fuzz targets start from: real messages, made by the code that makes them in the daemons.
//   write_seeds tests/fuzz/corpus
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "schema/audit_line.hpp"
#include "schema/event.hpp"
#include "schema/license.hpp"
#include "schema/order_id.hpp"
#include "schema/relayed.hpp"
#include "schema/token.hpp"
#include "schema/totals.hpp"
#include "schema/work.hpp"
#include "workers/sandbox/ledger_line.hpp"
#include "workers/sandbox/protocol.hpp"

using namespace circuit;
using schema::EventType;
using schema::Packer;
using schema::Status;

namespace {

std::filesystem::path root;

void write(const std::string& target, const std::string& name, std::string_view bytes) {
  std::filesystem::create_directories(root / target);
  std::ofstream(root / target / name, std::ios::binary).write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
}

schema::Uuid an_order() { return *schema::parse_order_id("ord_01h455vb4pex5vsknk084sn02q"); }
constexpr std::int64_t moment = 1'767'323'045'000'006;

// --- requests ---

std::string create_order(bool whole) {
  std::string bytes;
  Packer packer(bytes);
  packer.map(whole ? 10 : 6).text("type").text("create_order").text("product_id").text("DATA_ANALYSIS_V1");
  packer.text("customer_id").text("customer_001").text("idempotency_key").text("cart-4711");
  packer.text("amount").natural(5000).text("currency").text("USD");
  if (!whole) return bytes;
  packer.text("request_id").array(2).natural(7).text("a").text("client_ip").text("::ffff:203.0.113.7");
  packer.text("input").map(2).text("csv").binary("a,b\n1,2\n").text("note").text("n");
  packer.text("metadata").map(2).text("sandbox").text("slow:200").text("cart").natural(1);
  return bytes;
}

void write_requests() {
  write("request", "create_order", create_order(false));
  write("request", "create_order_whole", create_order(true));
  for (const char* type : {"confirm_payment", "cancel_order", "get_order", "get_receipt", "retry_order"}) {
    std::string bytes;
    Packer(bytes).map(2).text("type").text(type).text("order_id").text(schema::order_id_text(an_order()));
    write("request", type, bytes);
  }
  for (const char* type : {"get_stats", "ping", "recount", "status", "get_attention", "list_orders"}) {
    std::string bytes;
    Packer(bytes).map(1).text("type").text(type);
    write("request", type, bytes);
  }
  std::string refund;
  Packer(refund).map(3).text("type").text("request_refund").text("order_id").text(schema::order_id_text(an_order()));
  Packer(refund).text("reason").text("ordered twice");
  write("request", "request_refund", refund);
  std::string list;
  Packer(list).map(4).text("type").text("list_orders").text("status").text("paid").text("max").natural(20);
  Packer(list).text("after").text(schema::order_id_text(an_order()));
  write("request", "list_orders_paid", list);
  std::string fraction;
  Packer(fraction).map(2).text("type").text("create_order").text("amount").real(50.0);
  write("request", "amount_with_a_fraction", fraction);
}

// --- events and the audit log ---

std::vector<schema::Event> all_events() {
  std::vector<schema::Event> events;
  for (std::size_t type = 1; type < schema::event_type_names.size(); ++type) {
    schema::Event event;
    event.seq = events.size() + 1;
    event.ts = moment + static_cast<std::int64_t>(type);
    event.type = static_cast<EventType>(type);
    event.order = an_order();
    event.version = static_cast<std::uint32_t>(type);
    event.status = Status::paid;
    event.data = {.customer_id = "customer \"1\"\n",
                  .product_id = "DATA_ANALYSIS_V1",
                  .amount = 5000,
                  .currency = "USD",
                  .attempt = 1,
                  .provider = "sandbox",
                  .charge_id = "ch_000000000017",
                  .refund_id = "re_000000000018",
                  .reason = "declined",
                  .message = "The card\x01 was declined, \xc3\xa9t\xc3\xa9.",
                  .made_by = "operator",
                  .deliverable = "files",
                  .directory = "3-17",
                  .delivery_us = 4'400,
                  .files = {{"report.html", 120'000, std::string_view("00ff00ff")}, {"a.txt", 1, "11"}}};
    events.push_back(event);
  }
  return events;
}

void write_events() {
  schema::Hash32 prev{};
  std::string log, second;
  for (const schema::Event& event : all_events()) {
    std::string bytes;
    schema::encode_event(bytes, event);
    write("event", std::string(name_of(event.type)), bytes);
    std::string line;
    schema::append_audit_line(line, event, prev);
    write("audit_line", std::string(name_of(event.type)), std::string_view(line).substr(0, line.size() - 1));
    (event.seq <= 5 ? log : second) += line;
  }
  write("audit_line", "segment_name", schema::audit_segment_name(17));
  write("audit_chain", "one_segment", log);
  write("audit_chain", "two_segments", log + '\x1e' + second);
  write("audit_chain", "torn_then_goes_on", log + R"({"seq":6,"ts":"20)" + '\x1e' + second);
  write("audit_chain", "cut", std::string_view(log).substr(0, log.size() - 40));
  write("audit_chain", "zeros", log + std::string(20, '\0'));
  write("audit_chain", "a_segment_twice", log + '\x1e' + log);
  std::string edited = log;
  edited[log.find("amount") + 8] = '9';
  write("audit_chain", "edited", edited);
}

// --- rows and internal messages ---

template <class T>
std::string with_kind(char kind, const T& value) {
  std::string bytes(1, kind);
  schema::encode(bytes, value);
  return bytes;
}

void write_rows() {
  schema::OrderBody body{"DATA_ANALYSIS_V1", "customer_001",       "cart-4711",          5000, "USD",
                         "uid:1000",         std::string(16, 'f'), std::string(32, 'i'), {}};
  write("row", "body", with_kind('\0', body));
  schema::OrderState state;
  state.status = Status::paid;
  state.phase = schema::Phase::fulfill;
  state.created_at = moment;
  write("row", "state", '\1' + std::string(reinterpret_cast<const char*>(&state), sizeof state));
  schema::Totals totals;
  for (const schema::Event& event : all_events()) totals.add(event);
  write("row", "totals", with_kind('\2', totals));
  write("row", "text", "\3anything");
}

void write_work() {
  write("work", "hello",
        with_kind('h', std::vector<schema::Hello>{{1, schema::Role::payment, "circuit-payment", 4000}}));
  write("work", "heartbeat", with_kind('b', std::vector<schema::Lease>{{3, 17}, {3, 18}}));
  schema::Job job;
  job.lease = {3, 17};
  job.order = an_order();
  job.phase = schema::Phase::charge;
  job.currency = "USD";
  job.product_id = "LICENSE_KEY_V1";
  job.customer_id = "customer_001";
  write("work", "jobs", with_kind('j', std::vector<schema::Job>{job, job}));
  schema::Outcome outcome;
  outcome.lease = {3, 17};
  outcome.order = an_order();
  outcome.decision = schema::Decision::make;
  outcome.event = EventType::order_fulfilled;
  outcome.deliverable = "files";
  outcome.directory = "3-17";
  outcome.files = {{"report.html", 120'000, "00ff"}};
  write("work", "outcomes", with_kind('o', std::vector<schema::Outcome>{outcome}));
  write("work", "refused", with_kind('r', std::vector<schema::Refused>{{{3, 17}, an_order(), true, "not current"}}));
}

void write_sandbox() {
  std::string bytes;
  schema::encode(bytes, std::vector<sandbox::Operation>{
                            {1, sandbox::OperationKind::charge, {an_order(), 1}, 5000, "USD", "slow:200"},
                            {2, sandbox::OperationKind::lookup, {an_order(), 1}, 0, "", ""}});
  write("provider", "operations", bytes);
  bytes.clear();
  schema::encode(bytes, std::vector<sandbox::Answer>{
                            {1, sandbox::Result::captured, {an_order(), 1}, 5000, "USD", "ch_000000000017", ""}});
  write("provider", "answers", bytes);
  for (int op = 1; op <= 4; ++op) {
    std::string line;
    sandbox::write_ledger_line(line, {static_cast<std::uint64_t>(op) * 1'000'000'000'000,
                                      moment,
                                      static_cast<sandbox::LedgerOp>(op),
                                      {an_order(), 1},
                                      5000,
                                      {'U', 'S', 'D'}});
    write("ledger_line", "op_" + std::to_string(op), std::string_view(line).substr(0, line.size() - 1));
  }
  write("behaviour", "all", "decline, timeout_before,timeout_after,\tslow:200 ,error:3,wrong_amount,forgetful");
  write("behaviour", "unknown", "slow:9999999,,perhaps");
}

// --- the relay ---

// Each frame behind one byte that says how long it is.
std::string framed(const std::vector<std::string>& frames) {
  std::string bytes;
  for (const std::string& frame : frames) bytes += static_cast<char>(frame.size()) + frame;
  return bytes;
}

std::vector<std::string> handshake(const std::string& domain, char key) {
  return {std::string("\0asks", 5), "", "1.0", "1", domain, "203.0.113.7", "", "CURVE", std::string(32, key)};
}

void write_relay() {
  for (const char key : {'o', 's', 'b', 'x'})
    for (const char* domain : {"orders", "stream"})
      write("zap", std::string(domain) + "_by_" + key, framed(handshake(domain, key)));
  auto request = handshake("orders", 'o');
  request[2] = "2.0";
  write("zap", "another_version", framed(request));
  request = handshake("orders", 'o');
  request[7] = "PLAIN";
  write("zap", "another_mechanism", framed(request));
  request = handshake("orders", 'o');
  request[8].pop_back();
  write("zap", "a_key_that_is_too_short", framed(request));
  request = handshake("orders", 'o');
  request[1] = "x";
  write("zap", "no_delimiter", framed(request));
  request = handshake("orders", 'o');
  request.emplace_back("a password");
  write("zap", "a_frame_too_many", framed(request));
  write("zap", "nothing", framed({"asks"}));

  // The first byte says who sends (tests/fuzz/relay_fuzz.cpp): nobody that is known, shop, books, or somebody slow; 4:
  // without our routing id, 8: without an address, 16: with a delimiter.
  std::string ping;
  Packer(ping).map(2).text("type").text("ping").text("request_id").natural(7);
  std::string replay;
  Packer(replay).map(3).text("type").text("replay").text("from_seq").natural(1).text("max").natural(10);
  std::string stats;
  Packer(stats).map(1).text("type").text("get_stats");
  const std::string id = "0123456789abcdef";
  for (const std::string& who : {std::string("\0", 1), std::string("\1"), std::string("\2"), std::string("\3")}) {
    const std::string number = std::to_string(who[0]);
    write("relay", "ping_by_" + number, who + framed({id}) + ping);
    write("relay", "order_by_" + number, who + framed({id}) + create_order(true));
    write("relay", "stats_by_" + number, who + framed({id}) + stats);
    write("relay", "replay_by_" + number, who + framed({id}) + replay);
  }
  write("relay", "ping_without_our_id", "\5" + framed({"till-1"}) + ping);
  write("relay", "ping_with_a_delimiter", "\x11" + framed({id, ""}) + ping);
  write("relay", "ping_with_something_between", "\x11" + framed({id, "x"}) + ping);
  write("relay", "replay_with_a_delimiter", "\x1a" + framed({id, ""}) + replay);
  write("relay", "header", schema::encode_relayed({id, "shop", "203.0.113.7", true}));
  std::string three, five;
  Packer(three).array(3).binary(id).text("shop").text("203.0.113.7");
  Packer(five).array(5).binary(id).text("shop").text("203.0.113.7").boolean(true).nil();
  write("relay", "header_of_three", three);
  write("relay", "header_of_five", five);
}

void write_texts() {
  write("token", "token", schema::make_token({1, 2, 3}, an_order(), 1));
  write("token", "claim", std::string("0123456789abcdef") + "\x01\x05x");
  write("typeid", "order", schema::order_id_text(an_order()));
  write("typeid", "other", "a_prefix_01h455vb4pex5vsknk084sn02q");
  write("typeid", "suffix", "7zzzzzzzzzzzzzzzzzzzzzzzzz");
  const schema::LicenseKeypair keys = schema::license_keypair_from_seed({7, 7, 7});
  write("license", "license",
        schema::render_license({an_order(), "LICENSE_KEY_V1", "customer\\\n\xc3\xa9\xff", moment}, keys.secret_key));
  write("license", "key", schema::license_key_text(keys.public_key) + '\n');
  write("license", "other_version", "circuit-license v2\norder: x\n");
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 2) {
    std::fputs("usage: write_seeds DIRECTORY\n", stderr);
    return 64;
  }
  root = arguments[1];
  write_requests();
  write_events();
  write_rows();
  write_work();
  write_sandbox();
  write_relay();
  write_texts();
}
