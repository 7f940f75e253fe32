#include "ops/cli/delivery.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "broker/daemon/files.hpp"
#include "ops/cli/failure.hpp"
#include "ops/cli/new_file.hpp"
#include "ops/cli/text.hpp"
#include "schema/crypto.hpp"
#include "schema/file_name.hpp"

namespace circuit::cli {
namespace {

namespace fs = std::filesystem;

Failure not_whole(const fs::path& source, const std::string& why) {
  return {ExitCode::no, source.string() + ": " + why,
          "the deliverable was changed or removed since it was made; bring it back from a backup"};
}

void copy_checked(const fs::path& source, const fs::path& target, const DeliveredCopy& wanted, bool force) {
  struct stat status {};
  if (::lstat(source.c_str(), &status) != 0 || !S_ISREG(status.st_mode))
    throw not_whole(source, "there is no such file");
  const daemon::FileDescriptor file = daemon::open_file(source, O_RDONLY | O_NOFOLLOW);
  NewFile copy(target);
  schema::Sha256 hash;
  std::uint64_t size = 0;
  std::string buffer(1 << 18, '\0');
  for (;;) {
    const ssize_t got = ::read(file.get(), buffer.data(), buffer.size());
    if (got < 0) daemon::throw_errno(source, "cannot read");
    if (got == 0) break;
    const std::string_view part(buffer.data(), static_cast<std::size_t>(got));
    size += part.size();
    if (size > wanted.size) break;
    hash.update(part);
    copy.write(part);
  }
  if (size != wanted.size) throw not_whole(source, "has not the size that its order says");
  if (schema::hex_encode(schema::bytes_of(hash.finish())) != wanted.sha256)
    throw not_whole(source, "has not the SHA-256 that its order says");
  copy.finish(force);
}

std::vector<DeliveredCopy> files_of(const Json& reply) {
  std::vector<DeliveredCopy> files;
  for (const Json& file : reply.at("files")) {
    DeliveredCopy copy{string_of(file, "name"), static_cast<std::uint64_t>(integer_of(file, "size")),
                       string_of(file, "sha256")};
    if (!schema::is_safe_file_name(copy.name))
      throw Failure(ExitCode::no, "the order delivered a file with a name that is not safe to write");
    files.push_back(std::move(copy));
  }
  return files;
}

// Below the data directory, whatever the reply says.
fs::path source_directory(const fs::path& data, const Json& reply) {
  const fs::path directory = string_of(reply, "directory");
  const bool climbs = std::ranges::any_of(directory, [](const fs::path& part) { return part == ".."; });
  if (directory.empty() || directory.is_absolute() || climbs)
    throw Failure(ExitCode::no, "the reply names no directory of deliverables");
  return data / directory;
}

void write_license(const fs::path& target, const std::string& license, bool force) {
  NewFile file(target);
  file.write(license);
  file.finish(force);
}

}  // namespace

Delivery deliver(Circuit& circuit, const std::string& token, const fs::path& out, bool force) {
  const Json reply = circuit.ask_control({{"type", "redeem_token"}, {"token", token}});
  Delivery delivery{string_of(reply, "order_id"), string_of(reply, "product_id"), {}, {}};
  delivery.out = out.empty() ? fs::path(delivery.order_id) : out;
  const std::string license = string_of(reply, "license");
  if (license.empty())
    delivery.files = files_of(reply);
  else
    delivery.files = {{"license.txt", license.size(), schema::hex_encode(schema::bytes_of(schema::sha256(license)))}};
  if (!force)
    for (const DeliveredCopy& file : delivery.files) refuse_existing(delivery.out / file.name);
  fs::create_directories(delivery.out);
  for (const DeliveredCopy& file : delivery.files) {
    if (license.empty())
      copy_checked(source_directory(circuit.data(), reply) / file.name, delivery.out / file.name, file, force);
    else
      write_license(delivery.out / file.name, license, force);
  }
  return delivery;
}

}  // namespace circuit::cli
