// Expands gzip data (RFC 1952, any number of members) while they are read, up to a bound: a small file that expands
// without end is refused, not followed.
#pragma once

#include <zlib.h>

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

#include "workers/fulfillment/analysis/reading/source.hpp"

namespace circuit::analysis {

[[nodiscard]] inline bool is_gzip(std::string_view start) { return start.starts_with("\x1F\x8B"); }

// Failure codes: gzip_damaged (not gzip, cut off, wrong checksum), input_expands_too_far.
class Gunzip final : public Source {
 public:
  // `compressed` must outlive this object.
  Gunzip(Source& compressed, std::size_t expanded_bytes_max);
  Gunzip(const Gunzip&) = delete;
  Gunzip& operator=(const Gunzip&) = delete;
  ~Gunzip() override;

  [[nodiscard]] std::size_t read(char* to, std::size_t size) override;
  void rewind() override;
  [[nodiscard]] const std::optional<Failure>& failure() const override { return failure_; }

 private:
  [[nodiscard]] bool refill();
  [[nodiscard]] bool inflate_some();
  void damaged();

  Source& compressed_;
  std::size_t expanded_bytes_max_;
  std::size_t expanded_bytes_ = 0;
  std::vector<char> input_;
  z_stream stream_{};
  bool is_between_members_ = true;
  bool has_member_ = false;
  bool is_done_ = false;
  std::optional<Failure> failure_;
};

}  // namespace circuit::analysis
