// Checks a licence with the public key alone: what a product that was sold does.
#pragma once

#include <filesystem>
#include <string>
#include <variant>

#include "ops/cli/json.hpp"
#include "schema/license.hpp"

namespace circuit::cli {

using LicenseCheck = std::variant<schema::LicenseFields, schema::LicenseRefusal>;

// The key in a text of its own or in a file that holds it. Throws Failure (usage) when it is no key.
[[nodiscard]] schema::LicensePublicKey license_key_from(const std::string& text_or_file);

// The key of a data directory. Throws Failure when there is none.
[[nodiscard]] schema::LicensePublicKey license_key_of(const std::filesystem::path& data);

[[nodiscard]] LicenseCheck check_license(const std::filesystem::path& file, const schema::LicensePublicKey& key);

// { valid, reason, order_id, product_id, customer_id, issued_at }: the last four of a valid one, reason otherwise.
[[nodiscard]] Json license_json(const LicenseCheck& check);

}  // namespace circuit::cli
