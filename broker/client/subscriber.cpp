#include "broker/client/subscriber.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <optional>
#include <stdexcept>
#include <utility>
#include <vector>

#include "broker/client/socket.hpp"
#include "schema/codec.hpp"
#include "schema/packer.hpp"

namespace circuit::client {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::string_view events_frame = "events";

// Publications looked at in one call, so that dropping those ahead of a gap can't keep the caller for ever.
constexpr std::size_t publications_per_call_max = 10'000;

zmq::socket_t make_events_socket(zmq::context_t& context, const SubscriberOptions& options) {
  zmq::socket_t socket =
      make_socket(context, zmq::socket_type::sub, {.receive_hwm_messages = options.publications_hwm});
  if (options.curve) use_curve(socket, *options.curve);
  socket.set(zmq::sockopt::subscribe, std::string(events_frame));
  socket.connect(options.events_endpoint);
  return socket;
}

zmq::socket_t make_replay_socket(zmq::context_t& context, const SubscriberOptions& options) {
  zmq::socket_t socket = make_socket(context, zmq::socket_type::dealer);
  // Requests that gather while no broker is there would all be answered when it comes.
  socket.set(zmq::sockopt::immediate, true);
  if (options.curve) use_curve(socket, *options.curve);
  socket.connect(options.replay_endpoint);
  return socket;
}

[[noreturn]] void refuse(const std::string& what) { throw std::runtime_error("the event stream is broken: " + what); }

std::string_view body_of(const Frames& frames) {
  if (frames.size() != 2 || text_of(frames[0]) != events_frame) refuse("a message is not the frames `events` and body");
  return text_of(frames[1]);
}

struct SeqRange {
  std::uint64_t first = 0;
  std::uint64_t count = 0;
};

// Which events a body holds, from its first bytes, so that what is not wanted need not be decoded. Nothing when it does
// not begin as the broker writes it; decoding then says what is wrong.
std::optional<SeqRange> peek_range(std::string_view body) {
  if (body.empty()) return std::nullopt;
  const auto byte = [&](std::size_t at) { return static_cast<std::uint8_t>(body[at]); };
  const std::size_t size_bytes = byte(0) == 0xdd ? 4 : byte(0) == 0xdc ? 2 : 0;
  if (body.size() < 1 + size_bytes || (size_bytes == 0 && (byte(0) & 0xf0) != 0x90)) return std::nullopt;
  SeqRange range{.count = size_bytes == 0 ? byte(0) & 0x0fu : 0u};
  for (std::size_t i = 0; i < size_bytes; ++i) range.count = range.count << 8 | byte(1 + i);
  if (range.count == 0) return range;
  constexpr std::string_view event_start = "\x87\xa3seq\xcf";
  constexpr std::size_t seq_bytes = 8;
  body.remove_prefix(1 + size_bytes);
  if (!body.starts_with(event_start) || body.size() <= event_start.size() + seq_bytes) return std::nullopt;
  range.first = schema::event_seq(body);
  return range;
}

}  // namespace

Subscriber::Subscriber(zmq::context_t& context, SubscriberOptions options)
    : options_(std::move(options)),
      events_(make_events_socket(context, options_)),
      replay_(make_replay_socket(context, options_)),
      next_seq_(std::max<std::uint64_t>(options_.from_seq, 1)),
      heard_(Clock::now()) {}

std::size_t Subscriber::receive(std::chrono::milliseconds timeout, const OnEvent& on_event, std::size_t events_max,
                                int extra_fd) {
  const Clock::time_point deadline = Clock::now() + timeout;
  for (;;) {
    // An answer that did not come holds nothing up any longer, and is asked for again below.
    if (waiting_ && Clock::now() - asked_ >= options_.replay_wait) waiting_ = false;
    std::size_t given = read_answers(on_event);
    if (given < events_max) given += read_publications(on_event, events_max - given);
    if (given != 0) heard_ = Clock::now();
    ask_when_due();
    if (given != 0 || !wait(deadline, extra_fd)) return given;
  }
}

std::size_t Subscriber::read_answers(const OnEvent& on_event) {
  std::size_t given = 0;
  // At most one request is under way, and now and then an answer that came too late.
  while (const auto frames = receive_now(replay_, 2)) given += take_answer(body_of(*frames), on_event);
  return given;
}

std::size_t Subscriber::read_publications(const OnEvent& on_event, std::size_t events_max) {
  std::size_t given = 0;
  for (std::size_t i = 0; i < publications_per_call_max && given < events_max; ++i) {
    // While an answer is under way that fills a gap, publications stay in the socket's bounded queue. If they were
    // dropped here, a busy stream would always have gone on by the time the answer is read, and the gap would never
    // close.
    if (holds_publications()) break;
    const auto frames = receive_now(events_, 2);
    if (!frames) break;
    if (to_drop_ != 0) {
      --to_drop_;
      continue;
    }
    given += take_publication(body_of(*frames), on_event);
  }
  return given;
}

std::size_t Subscriber::take_answer(std::string_view body, const OnEvent& on_event) {
  const std::optional<SeqRange> range = peek_range(body);
  if (range && range->count == 0) {
    gap_ = waiting_ = false;
    caught_up_ = true;
    heard_ = Clock::now();
    return 0;
  }
  if (range && range->first > next_seq_)
    refuse("the replay from seq " + std::to_string(next_seq_) + " begins at " + std::to_string(range->first));
  const std::size_t given = give(body, on_event);
  // An answer with nothing new is a late one, or the stream was faster; the one that is waited for may still come.
  if (given == 0 && gap_) return 0;
  waiting_ = false;
  heard_ = Clock::now();
  if (given != 0) {
    // There may be more: only an empty answer, or a publication that goes on from here, shows the end.
    gap_ = true;
    caught_up_ = false;
  }
  return given;
}

std::size_t Subscriber::take_publication(std::string_view body, const OnEvent& on_event) {
  const std::optional<SeqRange> range = peek_range(body);
  if (range && range->first > next_seq_) {
    // A request that is under way was made before this was seen, so its answer may end before it.
    if (!gap_) waiting_ = false;
    gap_ = true;
    caught_up_ = false;
    return 0;
  }
  const std::size_t given = give(body, on_event);
  if (given != 0) {
    gap_ = waiting_ = false;
    caught_up_ = true;
  }
  return given;
}

// Gives those events of the body that are next. Precondition: it does not begin behind next_seq_, if it begins as it
// should.
std::size_t Subscriber::give(std::string_view body, const OnEvent& on_event) {
  const std::optional<SeqRange> range = peek_range(body);
  if (range && range->count <= next_seq_ - range->first) return 0;
  if (const auto wrong = document_.parse(body, schema::internal_limits)) refuse(std::string(*wrong));
  const schema::Document::Value list = document_.root();
  if (!list.is_array()) refuse("the body is no array of events");
  std::size_t given = 0;
  std::optional<std::uint64_t> before;
  schema::Document::Value at = list.first_child();
  for (std::uint32_t i = 0; i < list.size(); ++i, at = at.next()) {
    const std::optional<schema::Event> event = schema::decode_event(at);
    if (!event) refuse("what should be an event is none, near seq " + std::to_string(next_seq_));
    if ((before && event->seq != *before + 1) || event->seq > next_seq_)
      refuse("seq " + std::to_string(event->seq) + " comes after " + std::to_string(before.value_or(next_seq_ - 1)) +
             " in one message");
    before = event->seq;
    if (event->seq < next_seq_) continue;
    on_event(*event);
    ++next_seq_;
    ++given;
  }
  return given;
}

void Subscriber::ask_when_due() {
  unsent_ = false;
  const Clock::time_point now = Clock::now();
  if (waiting_ || (!gap_ && now - heard_ < options_.idle)) return;
  std::string request;
  schema::Packer(request)
      .map(3)
      .text("type")
      .text("replay")
      .text("from_seq")
      .natural(next_seq_)
      .text("max")
      .natural(options_.replay_events_max);
  waiting_ = send_now(replay_, request);
  unsent_ = !waiting_;
  asked_ = now;
}

// False when the caller's time is up or it has something else to do.
bool Subscriber::wait(Clock::time_point deadline, int extra_fd) {
  Clock::time_point until = deadline;
  if (waiting_) until = std::min(until, asked_ + options_.replay_wait);
  // Without a broker, the socket says when one has come.
  if (!waiting_ && !unsent_) until = std::min(until, heard_ + options_.idle);

  const auto replay_wants = static_cast<short>(ZMQ_POLLIN | (unsent_ ? ZMQ_POLLOUT : 0));
  const auto events_wants = static_cast<short>(holds_publications() ? 0 : ZMQ_POLLIN);
  std::array<zmq::pollitem_t, 3> items = {{{replay_.handle(), 0, replay_wants, 0},
                                           {events_.handle(), 0, events_wants, 0},
                                           {nullptr, extra_fd, ZMQ_POLLIN, 0}}};
  // Rounded up: a wait that ends just before something is due would be followed by many of no length.
  const auto left =
      std::max(std::chrono::ceil<std::chrono::milliseconds>(until - Clock::now()), std::chrono::milliseconds(0));
  try {
    zmq::poll(items.data(), extra_fd < 0 ? 2 : 3, left);
  } catch (const zmq::error_t& error) {
    // A signal: the deadline and the caller's descriptor decide what to do.
    if (error.num() != EINTR) throw;
  }
  if (extra_fd >= 0 && (items[2].revents & ZMQ_POLLIN) != 0) return false;
  return Clock::now() < deadline;
}

}  // namespace circuit::client
