#include "tests/integration/files.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace circuit::integration {

namespace fs = std::filesystem;

std::string read_file(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw std::runtime_error("cannot read " + path.string());
  std::ostringstream content;
  content << file.rdbuf();
  return content.str();
}

void write_file(const fs::path& path, std::string_view content) {
  if (!(std::ofstream(path, std::ios::binary) << content)) throw std::runtime_error("cannot write " + path.string());
}

void append_file(const fs::path& path, std::string_view content) {
  if (!(std::ofstream(path, std::ios::binary | std::ios::app) << content))
    throw std::runtime_error("cannot write " + path.string());
}

std::string sha256_hex(std::string_view bytes) {
  unsigned char hash[EVP_MAX_MD_SIZE];
  unsigned size = 0;
  if (EVP_Digest(bytes.data(), bytes.size(), hash, &size, EVP_sha256(), nullptr) != 1)
    throw std::runtime_error("EVP_Digest failed");
  std::string hex;
  for (unsigned i = 0; i < size; ++i) {
    hex += "0123456789abcdef"[hash[i] >> 4];
    hex += "0123456789abcdef"[hash[i] & 15];
  }
  return hex;
}

std::vector<std::string> files_with(const fs::path& directory, const std::string& text,
                                    const std::vector<std::string>& except) {
  std::vector<std::string> found;
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(directory)) {
    if (!entry.is_regular_file()) continue;
    const std::string name = fs::relative(entry.path(), directory).string();
    const bool left_out = std::ranges::any_of(except, [&](const std::string& each) { return name.starts_with(each); });
    if (!left_out && read_file(entry.path()).find(text) != std::string::npos) found.push_back(name);
  }
  return found;
}

Audit read_audit(const fs::path& directory) {
  Audit audit;
  std::vector<fs::path> segments;
  for (const fs::directory_entry& entry : fs::directory_iterator(directory))
    if (entry.path().extension() == ".jsonl") segments.push_back(entry.path());
  std::ranges::sort(segments);
  audit.segments = segments.size();
  for (const fs::path& segment : segments) {
    const std::string bytes = read_file(segment);
    std::size_t at = 0;
    for (std::size_t end; (end = bytes.find('\n', at)) != std::string::npos; at = end + 1) {
      const std::string text = bytes.substr(at, end - at);
      const Json line = Json::parse(text, nullptr, false);
      const std::string prev = audit.texts.empty() ? std::string(64, '0') : sha256_hex(audit.texts.back());
      if (line.is_discarded() || line.value("seq", 0u) != audit.lines.size() + 1 || line.value("prev", "") != prev)
        break;
      audit.lines.push_back(line);
      audit.texts.push_back(text);
    }
    audit.dead_bytes += bytes.size() - at;
  }
  return audit;
}

std::vector<Json> read_ledger(const fs::path& directory) {
  std::vector<Json> lines;
  std::istringstream bytes(read_file(directory / "ledger.jsonl"));
  for (std::string line; std::getline(bytes, line) && !bytes.eof();) lines.push_back(Json::parse(line));
  return lines;
}

std::map<std::string, Money> money_by_order(const std::vector<Json>& ledger) {
  std::map<std::string, Money> orders;
  for (const Json& line : ledger) {
    Money& money = orders[line.at("order_id")];
    const std::string op = line.at("op");
    const std::int64_t amount = line.at("amount");
    if (op == "capture") ++money.captures, money.captured += amount;
    if (op == "refund") ++money.refunds, money.refunded += amount;
    if (op == "void") ++money.voids;
    if (op == "decline") ++money.declines;
  }
  return orders;
}

std::size_t memory_kib(int pid, const std::string& field) {
  std::istringstream status(read_file("/proc/" + std::to_string(pid) + "/status"));
  for (std::string line; std::getline(status, line);)
    if (line.starts_with(field + ':')) return std::stoul(line.substr(field.size() + 1));
  throw std::runtime_error("no " + field);
}

}  // namespace circuit::integration
