// An order for the tests: a request with its directories and its input, or the job that the broker makes of it.
#pragma once

#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "broker/daemon/data_layout.hpp"
#include "schema/crypto.hpp"
#include "schema/packer.hpp"
#include "schema/work.hpp"
#include "tests/unit/sandbox/scratch_directory.hpp"
#include "workers/fulfillment/handler.hpp"

namespace circuit::fulfillment {

inline std::string content_of(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

inline void write_content(const std::filesystem::path& path, std::string_view content) {
  std::filesystem::create_directories(path.parent_path());
  std::ofstream(path, std::ios::binary) << content;
}

inline std::string write_script(const std::filesystem::path& path, std::string_view lines) {
  write_content(path, "#!/bin/sh\n" + std::string(lines));
  ::chmod(path.c_str(), 0700);
  return path.string();
}

inline std::string packed_map(const std::vector<std::pair<std::string, std::string>>& fields) {
  std::string packed;
  schema::Packer packer(packed);
  packer.map(static_cast<std::uint32_t>(fields.size()));
  for (const auto& [name, value] : fields) packer.text(name).binary(value);
  return packed;
}

inline schema::Uuid order_of(std::uint8_t number) {
  schema::Uuid order;
  order.bytes = {0x01, 0x90, 0, 0, 0, 0, 0x70, 0, 0x80, 0, 0, 0, 0, 0, 0, number};
  return order;
}

inline schema::Job job_of(std::uint8_t number, std::string_view product, schema::Lease lease = {1, 1}) {
  schema::Job job;
  job.lease = lease;
  job.order = order_of(number);
  job.phase = schema::Phase::fulfill;
  job.created_at = 1'767'323'045'000'006;
  job.amount = 5000;
  job.currency = "USD";
  job.product_id = product;
  job.customer_id = "customer_001";
  return job;
}

// Stores an input as the broker does; returns the 32 bytes of its hash.
inline std::string store_input(const std::filesystem::path& data, std::string_view packed) {
  const schema::Hash32 hash = schema::sha256(packed);
  std::string bytes(hash.begin(), hash.end());
  write_content(daemon::input_path(data, bytes), packed);
  return bytes;
}

// A request with an empty output directory.
class Ordered {
 public:
  explicit Ordered(std::string input = {}) : input_(std::move(input)) {
    request.order = order_of(1);
    request.product_id = "THING_V1";
    request.customer_id = "customer_001";
    request.amount = 5000;
    request.currency = "USD";
    request.created_at = 1'767'323'045'000'006;
    request.output = scratch.path() / "output";
    request.input_to = scratch.path() / "input";
    request.run_name = "run";
    std::filesystem::create_directory(request.output);
    if (!input_.empty() && !document_.parse(input_)) request.input = document_.root();
  }
  ScratchDirectory scratch;
  Request request;

 private:
  std::string input_;
  schema::Document document_;
};

}  // namespace circuit::fulfillment
