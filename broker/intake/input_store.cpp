#include "broker/intake/input_store.hpp"

#include <fcntl.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "broker/daemon/data_layout.hpp"
#include "broker/daemon/planted_bug.hpp"
#include "broker/daemon/priority.hpp"
#include "schema/crypto.hpp"
#include "schema/document.hpp"
#include "schema/packer.hpp"
#include "schema/request.hpp"

namespace circuit::intake {
namespace {

std::size_t bytes_of_job(const InputJob& job) { return job.message.size() + job.input.size(); }

// The input as it is stored: map order as sent, text checked.
void hash_input(InputJob& job) {
  schema::Document document;
  const std::string_view bytes(job.message.data<char>(), job.message.size());
  if (document.parse(bytes)) {
    job.fault = "can't be read";
    return;
  }
  const schema::Document::Value input = document.root().find("input");
  schema::Document::Value key = input.first_child();
  for (std::uint32_t i = 0; i < input.size(); ++i, key = key.next().next()) {
    const auto text = key.next().string();
    if (!schema::is_printable_utf8(*key.string()) || (text && !schema::is_utf8(*text))) {
      job.fault = "must hold text as UTF-8; send other bytes as binary";
      return;
    }
  }
  schema::Packer(job.input).value(input);
  const schema::Hash32 hash = schema::sha256(std::string_view(job.input));
  job.sha256.assign(hash.begin(), hash.end());
}

}  // namespace

InputStore::InputStore(std::filesystem::path data)
    : directory_(std::move(data)), event_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  if (!event_) daemon::throw_errno(directory_, "making an event descriptor");
  std::filesystem::create_directories(directory_ / "inputs");
  daemon::sync_directory(directory_);
  thread_ = std::thread([this] { run(); });
}

InputStore::~InputStore() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  arrived_.notify_one();
  thread_.join();
}

void InputStore::submit(InputJob job) {
  bytes_in_flight_ += bytes_of_job(job);
  {
    const std::lock_guard lock(mutex_);
    waiting_.push_back(std::move(job));
  }
  arrived_.notify_one();
}

std::vector<InputJob> InputStore::take_done() {
  std::uint64_t count = 0;
  (void)!read(event_.get(), &count, sizeof count);
  std::vector<InputJob> done;
  {
    const std::lock_guard lock(mutex_);
    done.swap(done_);
  }
  // The packed input is counted when it comes back, so that submitting it again counts it once more.
  for (const InputJob& job : done)
    bytes_in_flight_ -= job.step == InputJob::Step::hash ? job.message.size() : bytes_of_job(job);
  return done;
}

void InputStore::run() {
  daemon::give_way();
  for (;;) {
    std::vector<InputJob> jobs;
    {
      std::unique_lock lock(mutex_);
      arrived_.wait(lock, [&] { return stopping_ || !waiting_.empty(); });
      if (stopping_) return;
      for (std::size_t i = 0; i < 64 && !waiting_.empty(); ++i) {
        jobs.push_back(std::move(waiting_.front()));
        waiting_.pop_front();
      }
    }
    std::vector<InputJob*> to_store;
    for (InputJob& job : jobs) {
      if (job.step == InputJob::Step::hash)
        hash_input(job);
      else
        to_store.push_back(&job);
    }
    store(to_store);
    {
      const std::lock_guard lock(mutex_);
      for (InputJob& job : jobs) done_.push_back(std::move(job));
    }
    constexpr std::uint64_t one = 1;
    (void)!write(event_.get(), &one, sizeof one);
  }
}

void InputStore::store(std::vector<InputJob*>& jobs) {
  for (InputJob* job : jobs) {
    try {
      const std::filesystem::path path = daemon::input_path(directory_, job->sha256);
      std::filesystem::create_directories(path.parent_path());
      // Also of a name that is there already: whoever made it may have died before it was durable.
      if (synced_.insert(path.parent_path()).second) daemon::sync_directory(directory_ / "inputs");
      if (std::filesystem::exists(path))
        daemon::sync_directory(path.parent_path());
      else
        daemon::write_file_durably(path, job->input, 0640);
    } catch (const std::system_error& error) {
      if (!daemon::is_planted(daemon::PlantedBug::input_not_stored)) job->fault = error.what();
    }
  }
}

}  // namespace circuit::intake
