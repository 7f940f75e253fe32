// Rows and internal messages as MessagePack arrays. A struct names its members once, in order:
//   static constexpr auto members = std::tuple{&Job::lease, &Job::order};
// A decoded array must have exactly that many elements of exactly those kinds: msgpack-cxx's own array form accepts
// too short and too long ones.
#pragma once

#include <concepts>
#include <limits>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <vector>

#include "schema/document.hpp"
#include "schema/packer.hpp"
#include "schema/uuid.hpp"

namespace circuit::schema {

template <class T>
concept HasMembers = requires {
  T::members;
};

// How many bytes encode_value writes at most.
template <class T>
[[nodiscard]] std::size_t encoded_bytes_max(const T& value) {
  if constexpr (HasMembers<T>) {
    return std::apply(
        [&](auto... member) { return (PackCursor::head_bytes_max + ... + encoded_bytes_max(value.*member)); },
        T::members);
  } else if constexpr (std::is_arithmetic_v<T> || std::is_enum_v<T>) {
    return PackCursor::scalar_bytes_max;
  } else if constexpr (std::same_as<T, Uuid>) {
    return PackCursor::head_bytes_max + value.bytes.size();
  } else if constexpr (std::convertible_to<T, std::string_view>) {
    return PackCursor::head_bytes_max + std::string_view(value).size();
  } else {
    std::size_t bytes = PackCursor::head_bytes_max;
    for (const auto& element : value) bytes += encoded_bytes_max(element);
    return bytes;
  }
}

template <class T>
void encode_value(PackCursor& cursor, const T& value) {
  if constexpr (HasMembers<T>) {
    std::apply(
        [&](auto... member) {
          cursor.array(sizeof...(member));
          (encode_value(cursor, value.*member), ...);
        },
        T::members);
  } else if constexpr (std::is_enum_v<T>) {
    cursor.natural(static_cast<std::uint64_t>(value));
  } else if constexpr (std::same_as<T, bool>) {
    cursor.boolean(value);
  } else if constexpr (std::unsigned_integral<T>) {
    cursor.natural(value);
  } else if constexpr (std::signed_integral<T>) {
    cursor.integer(value);
  } else if constexpr (std::same_as<T, Uuid>) {
    cursor.binary({reinterpret_cast<const char*>(value.bytes.data()), value.bytes.size()});
  } else if constexpr (std::convertible_to<T, std::string_view>) {
    cursor.binary(value);
  } else {
    cursor.array(static_cast<std::uint32_t>(value.size()));
    for (const auto& element : value) encode_value(cursor, element);
  }
}

// False when the value has another shape; `out` is then unspecified. Views in `out` point into the document's bytes.
template <class T>
[[nodiscard]] bool decode_value(const Document::Value& value, T& out) {
  if constexpr (HasMembers<T>) {
    if (!value.is_array() || value.size() != std::tuple_size_v<decltype(T::members)>) return false;
    Document::Value at = value.first_child();
    return std::apply(
        [&](auto... member) {
          return ([&](auto m) {
            const bool good = decode_value(at, out.*m);
            at = at.next();
            return good;
          }(member) &&
                  ...);
        },
        T::members);
  } else if constexpr (std::same_as<T, bool>) {
    const auto held = value.boolean();
    if (held) out = *held;
    return held.has_value();
  } else if constexpr (std::is_enum_v<T> || std::unsigned_integral<T>) {
    const auto held = value.natural();
    if constexpr (std::is_enum_v<T>) {
      if (!held || *held > std::numeric_limits<std::underlying_type_t<T>>::max()) return false;
    } else {
      if (!held || *held > std::numeric_limits<T>::max()) return false;
    }
    out = static_cast<T>(*held);
    return true;
  } else if constexpr (std::signed_integral<T>) {
    const auto held = value.integer();
    if (!held || *held > std::numeric_limits<T>::max() || *held < std::numeric_limits<T>::min()) return false;
    out = static_cast<T>(*held);
    return true;
  } else if constexpr (std::same_as<T, Uuid>) {
    const auto held = value.bytes();
    if (!held || held->size() != out.bytes.size()) return false;
    std::copy(held->begin(), held->end(), out.bytes.begin());
    return true;
  } else if constexpr (std::same_as<T, std::string> || std::same_as<T, std::string_view>) {
    const auto held = value.bytes();
    if (held) out = T(*held);
    return held.has_value();
  } else {
    if (!value.is_array()) return false;
    out.clear();
    Document::Value at = value.first_child();
    for (std::uint32_t i = 0; i < value.size(); ++i, at = at.next())
      if (!decode_value(at, out.emplace_back())) return false;
    return true;
  }
}

// The same for a struct whose texts are views; afterwards they are views of what was written.
template <HasMembers T>
void encode_moving_views(PackCursor& cursor, T& value) {
  const auto encode_member = [&](auto& member) {
    encode_value(cursor, member);
    if constexpr (std::same_as<std::remove_reference_t<decltype(member)>, std::string_view>)
      member = {cursor.at() - member.size(), member.size()};
  };
  std::apply(
      [&](auto... member) {
        cursor.array(sizeof...(member));
        (encode_member(value.*member), ...);
      },
      T::members);
}

template <class T>
void encode(std::string& out, const T& value) {
  append_packed(out, encoded_bytes_max(value), [&](PackCursor& cursor) { encode_value(cursor, value); });
}

// Bytes of our own making (work, rows): wider limits than a stranger's request.
inline constexpr DocumentLimits internal_limits{.depth_max = 8, .nodes_max = 1u << 20, .map_pairs_max = 256};

template <class T>
[[nodiscard]] bool decode(Document& document, std::string_view bytes, T& out) {
  return !document.parse(bytes, internal_limits) && decode_value(document.root(), out);
}

}  // namespace circuit::schema
