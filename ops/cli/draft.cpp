#include "ops/cli/draft.hpp"

#include <sodium.h>

#include <array>

#include "broker/daemon/files.hpp"
#include "ops/cli/failure.hpp"
#include "schema/crypto.hpp"

namespace circuit::cli {
namespace {

Json metadata_of(const std::string& text) {
  Json metadata = Json::parse(text, nullptr, false);
  if (!metadata.is_object())
    throw Failure(ExitCode::usage, "--metadata must be a JSON object, such as '{\"cart\": 7}'");
  return metadata;
}

Json input_of(const std::vector<std::pair<std::string, std::string>>& files) {
  Json input = Json::object();
  for (const auto& [name, bytes] : files) {
    if (input.contains(name)) throw Failure(ExitCode::usage, "the input \"" + name + "\" is given twice");
    input[name] = Json::binary({bytes.begin(), bytes.end()});
  }
  return input;
}

}  // namespace

Json create_request(const Draft& draft, const config::Settings& settings) {
  const config::Product* product = config::find_product(settings, draft.product);
  if (!product && (!draft.amount || draft.currency.empty()))
    throw Failure(ExitCode::usage, "the price of \"" + draft.product + "\" is not known here",
                  "give the daemons' --config FILE, or --amount (in minor units) and --currency");
  Json request = {{"type", "create_order"},
                  {"product_id", draft.product},
                  {"customer_id", draft.customer},
                  {"idempotency_key", draft.key.empty() ? random_key() : draft.key},
                  {"amount", draft.amount ? *draft.amount : product->amount},
                  {"currency", draft.currency.empty() ? product->currency : draft.currency}};
  if (!draft.client_ip.empty()) request["client_ip"] = draft.client_ip;
  if (!draft.input.empty()) request["input"] = input_of(draft.input);
  if (!draft.metadata.empty()) request["metadata"] = metadata_of(draft.metadata);
  return request;
}

std::string read_input_file(const std::string& path) {
  // The broker's own limit is lower and is the one that counts; this one only keeps a mistake from filling the memory.
  constexpr std::size_t bytes_max = 256 << 20;
  return daemon::read_file(path, bytes_max);
}

std::pair<std::string, std::string> read_input(const std::string& argument) {
  const std::size_t equals = argument.find('=');
  if (equals == 0 || equals == std::string::npos)
    throw Failure(ExitCode::usage, "--input " + argument + ": must be NAME=FILE, such as csv=sales.csv");
  return {argument.substr(0, equals), read_input_file(argument.substr(equals + 1))};
}

std::string random_key() {
  std::array<std::uint8_t, 16> bytes;
  randombytes_buf(bytes.data(), bytes.size());
  return "cli-" + schema::base64url_encode(schema::bytes_of(bytes));
}

}  // namespace circuit::cli
