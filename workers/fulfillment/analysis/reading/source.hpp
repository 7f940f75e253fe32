// Where a file's bytes come from: in pieces, and again from the start, because the second look at a column may need
// what the first one learned.
#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string_view>

#include "workers/fulfillment/analysis/outcome.hpp"

namespace circuit::analysis {

class Source {
 public:
  virtual ~Source() = default;

  // Up to `size` bytes into `to`; fewer only at the end; 0 once there are no more, or failure() is set. May block, and
  // throws std::system_error when the device does not answer.
  [[nodiscard]] virtual std::size_t read(char* to, std::size_t size) = 0;

  // The next read() begins at the first byte again.
  virtual void rewind() = 0;

  // How many bytes there are in all, where that is known: what is prepared by it may turn out too small or too large.
  [[nodiscard]] virtual std::size_t size_hint() const { return 0; }

  // Why the bytes cannot be used; nothing while they can.
  [[nodiscard]] virtual const std::optional<Failure>& failure() const;
};

// Bytes that are in memory already, and stay there while they are read.
class MemorySource final : public Source {
 public:
  explicit MemorySource(std::string_view bytes) : bytes_(bytes) {}
  [[nodiscard]] std::size_t read(char* to, std::size_t size) override;
  void rewind() override { at_ = 0; }
  [[nodiscard]] std::size_t size_hint() const override { return bytes_.size(); }

 private:
  std::string_view bytes_;
  std::size_t at_ = 0;
};

// A file, read as it is needed. Throws std::system_error if it cannot be opened.
class FileSource final : public Source {
 public:
  explicit FileSource(const std::filesystem::path& path);
  FileSource(const FileSource&) = delete;
  FileSource& operator=(const FileSource&) = delete;
  ~FileSource() override;
  [[nodiscard]] std::size_t read(char* to, std::size_t size) override;
  void rewind() override;
  [[nodiscard]] std::size_t size_hint() const override;

 private:
  std::filesystem::path path_;
  int file_ = -1;
};

}  // namespace circuit::analysis
