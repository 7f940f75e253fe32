#include "ops/cli/license_check.hpp"

#include "broker/daemon/files.hpp"
#include "ops/cli/failure.hpp"
#include "schema/order_id.hpp"

namespace circuit::cli {

schema::LicensePublicKey license_key_from(const std::string& text_or_file) {
  constexpr std::size_t key_bytes_max = 1024;
  if (const auto key = schema::parse_license_key(text_or_file)) return *key;
  if (!std::filesystem::exists(text_or_file))
    throw Failure(ExitCode::usage, "--key: is neither a licence key nor a file that holds one",
                  "print the key with: circuit license key");
  const auto key = schema::parse_license_key(daemon::read_file(text_or_file, key_bytes_max));
  if (!key)
    throw Failure(ExitCode::usage, text_or_file + ": holds no licence key", "print it with: circuit license key");
  return *key;
}

schema::LicensePublicKey license_key_of(const std::filesystem::path& data) {
  const std::filesystem::path path = data / "keys" / "license.key";
  // It must not be made here: the broker's is the one that counts.
  if (!std::filesystem::exists(path))
    throw Failure(ExitCode::no, path.string() + ": there is no such key",
                  "the broker makes it when it starts first (circuit up); or give --key");
  return schema::license_keypair_from_seed(daemon::load_or_create_key(path)).public_key;
}

LicenseCheck check_license(const std::filesystem::path& file, const schema::LicensePublicKey& key) {
  return schema::verify_license(daemon::read_file(file, schema::license_text_bytes_max), key);
}

Json license_json(const LicenseCheck& check) {
  if (const auto* refusal = std::get_if<schema::LicenseRefusal>(&check))
    return {{"valid", false}, {"reason", schema::text_of(*refusal)}};
  const auto& fields = std::get<schema::LicenseFields>(check);
  return {{"valid", true},
          {"order_id", schema::order_id_text(fields.order)},
          {"product_id", fields.product},
          {"customer_id", fields.customer},
          {"issued_at", fields.issued_us}};
}

}  // namespace circuit::cli
