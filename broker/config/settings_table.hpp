// The settings, declared once: the loader, the reference page, the sample config and the help text all come from these
// tables. Defaults are not repeated here; they are read from a fresh Settings, Product or Upstream through the row's
// member.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "broker/config/settings.hpp"

namespace circuit::config {

// Where a row's value lives. Which alternative it is says what the file must hold: an integer, a string, a list of
// strings, or one of the row's words.
template <class Owner>
using Member = std::variant<std::int64_t& (*)(Owner&), std::string& (*)(Owner&), std::vector<std::string>& (*)(Owner&),
                            OnFailure& (*)(Owner&), Confirm& (*)(Owner&), PlainLoopback& (*)(Owner&)>;

template <class Owner>
struct Row {
  std::string_view section;  // "" for the own keys of a product or upstream
  std::string_view key;
  Member<Owner> member;
  std::string_view unit;      // "" when the value has none
  std::int64_t lowest = 0;    // of an integer, in the row's unit, or of a list's length
  std::int64_t highest = 0;   // as above
  std::string_view sentence;  // what it does; ends in a full stop
  std::int64_t factor = 1;    // the member's units in one of the row's
  std::span<const std::string_view> words =
      {};                 // the only values, also of a list's elements; for an enum, in its order. Empty: any
  bool required = false;  // has no default
};

struct Section {
  std::string_view name;
  std::string_view sentence;
};

using SettingRow = Row<Settings>;
using ProductRow = Row<Product>;
using UpstreamRow = Row<Upstream>;

[[nodiscard]] std::span<const SettingRow> setting_rows();
// The keys of [[product]] (section "") and [product.exec] (section "exec").
[[nodiscard]] std::span<const ProductRow> product_rows();
// The keys of [[upstream]].
[[nodiscard]] std::span<const UpstreamRow> upstream_rows();

// What each [section] is about, in the order in which they are printed.
[[nodiscard]] std::span<const Section> setting_sections();

// The row's current value as TOML.
[[nodiscard]] std::string value_text(const SettingRow& row, Settings& owner);
[[nodiscard]] std::string value_text(const ProductRow& row, Product& owner);
[[nodiscard]] std::string value_text(const UpstreamRow& row, Upstream& owner);

// As TOML reads it and people read it better: 16_777_216.
[[nodiscard]] std::string number_text(std::int64_t number);

}  // namespace circuit::config
