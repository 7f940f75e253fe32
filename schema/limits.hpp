// Limits of the contract: they hold for every installation. What an operator may change stands in the settings.
#pragma once

#include <cstddef>
#include <cstdint>

namespace circuit::schema {

inline constexpr std::size_t customer_id_bytes_max = 128;
inline constexpr std::size_t idempotency_key_bytes_max = 255;
inline constexpr std::size_t product_id_bytes_max = 64;
inline constexpr std::size_t metadata_bytes_max = 4096;
inline constexpr std::size_t request_id_bytes_max = 1024;
inline constexpr std::size_t refund_reason_bytes_max = 256;
inline constexpr std::size_t delivery_token_bytes_max = 128;
inline constexpr std::size_t failure_message_bytes_max = 300;
inline constexpr std::size_t path_bytes_max = 4095;
inline constexpr std::uint32_t input_fields_max = 32;
// A message without its input: names, ids, metadata, framing.
inline constexpr std::size_t request_overhead_bytes_max = 64 * 1024;

}  // namespace circuit::schema
