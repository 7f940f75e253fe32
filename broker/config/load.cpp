#include "broker/config/load.hpp"

// Of a file that opens a table with "[#" the parser asserts what it goes on to check: without this, builds that are not
// releases would end there instead of saying where the mistake is.
#define TOML_ASSERT(expression) static_cast<void>(0)
#include <toml++/toml.h>
#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <map>
#include <sstream>
#include <type_traits>

#include "broker/config/bare_text.hpp"
#include "broker/config/nearest.hpp"
#include "broker/config/settings_table.hpp"
#include "broker/config/text_checks.hpp"
#include "schema/limits.hpp"
#include "schema/money.hpp"

namespace circuit::config {
namespace {

constexpr std::size_t file_bytes_max = 1 << 20;
constexpr std::size_t upstreams_max = 1'000;
constexpr std::string_view product_section = "product";
constexpr std::string_view upstream_section = "upstream";

std::string in_quotes(std::string_view text) { return '"' + std::string(text) + '"'; }

std::string_view kind_of(const toml::node& node) {
  switch (node.type()) {
    case toml::node_type::table: return "a table";
    case toml::node_type::array: return node.is_array_of_tables() ? "a list of tables" : "a list";
    case toml::node_type::string: return "a string";
    case toml::node_type::integer: return "an integer";
    case toml::node_type::floating_point: return "a number with a fraction";
    case toml::node_type::boolean: return "a boolean";
    default: return "a date or time";
  }
}

std::string did_you_mean(std::string_view word, const std::vector<std::string_view>& candidates) {
  const std::string_view best = nearest(word, candidates);
  return best.empty() ? "" : "; did you mean " + in_quotes(best) + '?';
}

std::string listed(std::span<const std::string_view> words) {
  std::string text;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (i > 0) text += i + 1 < words.size() ? ", " : " or ";
    text += in_quotes(words[i]);
  }
  return text;
}

template <class Owner>
std::string prefix_of() {
  return std::string(std::is_same_v<Owner, Upstream> ? upstream_section : product_section);
}

// Goes once through a parsed file. Labels are what the operator reads: "limits.map_bytes", "product.exec.command".
class Loader {
 public:
  explicit Loader(std::string name) : name_(std::move(name)) {}

  Settings load(const toml::table& file) {
    for (const auto& [key, node] : file) {
      if (key.str() != product_section && key.str() != upstream_section) read_section(key, node);
    }
    check_settings();
    check_relay();
    check_auditor();
    if (const toml::node* upstreams = file.get(upstream_section)) read_upstreams(*upstreams);
    if (const toml::node* products = file.get(product_section)) read_products(*products);
    for (const Product& product : settings_.products) check_input(product);
    return std::move(settings_);
  }

  [[noreturn]] void fail(const toml::source_position& at, std::string_view label, const std::string& what) const {
    std::ostringstream message;
    message << name_ << ':';
    if (at) message << at.line << ':' << at.column << ':';
    message << ' ';
    if (!label.empty()) message << label << ": ";
    message << what;
    throw ConfigError(message.str());
  }

 private:
  [[noreturn]] void fail(const toml::node& node, std::string_view label, const std::string& what) const {
    fail(node.source().begin, label, what);
  }

  void read_section(const toml::key& key, const toml::node& node) {
    const std::string_view section = key.str();
    const auto known = setting_sections();
    if (std::ranges::find(known, section, &Section::name) == known.end()) unknown_section(key);
    if (!node.is_table()) {
      fail(node, section, "is " + std::string(kind_of(node)) + "; it must be a table, [" + std::string(section) + ']');
    }
    const toml::table& table = *node.as_table();
    for (const auto& [inner, value] : table) {
      positions_[std::string(section) + '.' + std::string(inner.str())] = value.source().begin;
    }
    read_table(table, setting_rows(), section, std::string(section), settings_);
  }

  [[noreturn]] void unknown_section(const toml::key& key) const {
    for (const SettingRow& row : setting_rows()) {
      if (row.key == key.str())
        fail(key.source().begin, key.str(), "stands in no section; it belongs into [" + std::string(row.section) + ']');
    }
    std::vector<std::string_view> names = {product_section, upstream_section};
    for (const Section& section : setting_sections()) names.push_back(section.name);
    fail(key.source().begin, key.str(), "is no section" + did_you_mean(key.str(), names));
  }

  // Every key of the table must have a row of that section. `skipped` is the one key that is read elsewhere.
  template <class Owner>
  void read_table(const toml::table& table, std::span<const Row<Owner>> rows, std::string_view section,
                  const std::string& prefix, Owner& owner, std::string_view skipped = "") {
    for (const auto& [key, node] : table) {
      if (!skipped.empty() && key.str() == skipped) continue;
      const auto row = std::ranges::find_if(
          rows, [&](const Row<Owner>& each) { return each.section == section && each.key == key.str(); });
      const std::string label = prefix + '.' + std::string(key.str());
      if (row == rows.end()) unknown_key(key, rows, section, label);
      read_value(*row, node, label, owner);
    }
  }

  template <class Owner>
  [[noreturn]] void unknown_key(const toml::key& key, std::span<const Row<Owner>> rows, std::string_view section,
                                const std::string& label) const {
    std::vector<std::string_view> siblings;
    for (const Row<Owner>& row : rows) {
      if (row.section == section) siblings.push_back(row.key);
    }
    const std::string hint = did_you_mean(key.str(), siblings);
    if (hint.empty()) {
      for (const Row<Owner>& row : rows) {
        if (row.key != key.str()) continue;
        const std::string home = row.section.empty()              ? "[[" + prefix_of<Owner>() + "]]"
                                 : std::is_same_v<Owner, Product> ? "[product." + std::string(row.section) + ']'
                                                                  : '[' + std::string(row.section) + ']';
        fail(key.source().begin, label, "is no setting; it belongs into " + home);
      }
    }
    fail(key.source().begin, label, "is no setting" + hint);
  }

  template <class Owner>
  void read_value(const Row<Owner>& row, const toml::node& node, std::string_view label, Owner& owner) {
    std::visit(
        [&](auto reach) {
          auto& value = reach(owner);
          using Value = std::remove_reference_t<decltype(value)>;
          if constexpr (std::is_same_v<Value, std::int64_t>) {
            value = integer(node, label, row.lowest, row.highest, row.unit) * row.factor;
          } else if constexpr (std::is_same_v<Value, std::vector<std::string>>) {
            value = list(node, label, row.lowest, row.highest, row.words);
          } else {
            std::string text = string(node, label);
            const auto word = std::ranges::find(row.words, text);
            check_word(node, label, text, row.words);
            if constexpr (std::is_enum_v<Value>) {
              value = static_cast<Value>(word - row.words.begin());
            } else {
              value = std::move(text);
            }
          }
        },
        row.member);
  }

  void check_word(const toml::node& node, std::string_view label, const std::string& text,
                  std::span<const std::string_view> words) const {
    if (words.empty() || std::ranges::find(words, text) != words.end()) return;
    fail(node, label,
         "is " + in_quotes(text) + "; it must be " + listed(words) + did_you_mean(text, {words.begin(), words.end()}));
  }

  std::int64_t integer(const toml::node& node, std::string_view label, std::int64_t lowest, std::int64_t highest,
                       std::string_view unit) const {
    if (!node.is_integer()) fail(node, label, "is " + std::string(kind_of(node)) + "; it must be an integer");
    const std::int64_t number = node.as_integer()->get();
    if (number < lowest || number > highest) {
      fail(node, label,
           "is " + number_text(number) + "; it must be " + number_text(lowest) + " to " + number_text(highest) +
               (unit.empty() ? "" : ' ' + std::string(unit)));
    }
    return number;
  }

  std::string string(const toml::node& node, std::string_view label) const {
    if (!node.is_string()) fail(node, label, "is " + std::string(kind_of(node)) + "; it must be a string");
    const std::string& text = node.as_string()->get();
    // It would end early in every call of the system that takes it.
    if (text.find('\0') != text.npos) fail(node, label, "holds a zero byte");
    return text;
  }

  std::vector<std::string> list(const toml::node& node, std::string_view label, std::int64_t lowest,
                                std::int64_t highest, std::span<const std::string_view> words) {
    if (!node.is_array()) fail(node, label, "is " + std::string(kind_of(node)) + "; it must be a list of strings");
    const toml::array& array = *node.as_array();
    const auto size = static_cast<std::int64_t>(array.size());
    if (size < lowest || size > highest) {
      fail(node, label,
           "has " + number_text(size) + " elements; it must have " + number_text(lowest) + " to " +
               number_text(highest));
    }
    std::vector<std::string> elements;
    for (const toml::node& element : array) {
      elements.push_back(string(element, label));
      check_word(element, label, elements.back(), words);
      if (label.starts_with("endpoints.")) check_endpoint(element, label, elements.back(), endpoint_fault);
      if (label.starts_with("relay.")) check_endpoint(element, label, elements.back(), relay_endpoint_fault);
      if (label == "product.exec.readable" && !elements.back().starts_with('/'))
        fail(element, label, in_quotes(elements.back()) + " is no absolute path");
    }
    return elements;
  }

  void check_endpoint(const toml::node& node, std::string_view label, const std::string& endpoint,
                      std::optional<std::string> (*fault_of)(std::string_view)) {
    if (const auto fault = fault_of(endpoint)) fail(node, label, in_quotes(endpoint) + ' ' + *fault);
    if (label.starts_with("endpoints.") && endpoint.starts_with("tcp://") && !plain_tcp_)
      plain_tcp_ = {node.source().begin, std::string(label), endpoint};
    const auto [earlier, is_new] = endpoints_.try_emplace(endpoint, label);
    if (!is_new) fail(node, label, in_quotes(endpoint) + " is taken already, by " + earlier->second);
  }

  void read_products(const toml::node& node) {
    if (!node.is_array_of_tables()) {
      fail(node, product_section, "is " + std::string(kind_of(node)) + "; write [[product]], with two brackets");
    }
    settings_.products.clear();
    for (const toml::node& element : *node.as_array()) {
      add_product(settings_, read_product(*element.as_table()));
    }
  }

  Product read_product(const toml::table& table) {
    Product product;
    const std::string prefix(product_section);
    read_table(table, product_rows(), "", prefix, product, "exec");
    for (const ProductRow& row : product_rows()) {
      if (row.required && !table.contains(row.key)) fail(table, prefix + '.' + std::string(row.key), "is missing");
    }
    check_product(table, product);
    read_exec(table, product);
    return product;
  }

  void check_product(const toml::table& table, const Product& product) {
    const toml::node& id = *table.get("id");
    if (const auto fault = product_id_fault(product.id)) fail(id, "product.id", in_quotes(product.id) + ' ' + *fault);
    if (find_product(settings_, product.id))
      fail(id, "product.id", "a second product is called " + in_quotes(product.id));
    if (!schema::parse_currency(product.currency)) {
      fail(*table.get("currency"), "product.currency",
           "is " + in_quotes(product.currency) + "; it must be an ISO 4217 code such as \"USD\", in capitals");
    }
    if (const toml::node* input = table.get("input_bytes_max")) {
      positions_["product." + product.id] = input->source().begin;
    }
  }

  void read_exec(const toml::table& table, Product& product) {
    const bool wanted = product.handler == "exec";
    const toml::node* exec = table.get("exec");
    if (exec && !wanted) {
      fail(*exec, "product.exec", "is only for handler \"exec\"; this product's is " + in_quotes(product.handler));
    }
    if (exec && !exec->is_table()) {
      fail(*exec, "product.exec", "is " + std::string(kind_of(*exec)) + "; it must be a table, [product.exec]");
    }
    if (exec) read_table(*exec->as_table(), product_rows(), "exec", "product.exec", product);
    if (wanted && product.exec.command.empty()) {
      fail(exec ? *exec : table, "product.exec.command", "is missing; handler \"exec\" needs a program to run");
    }
    if (wanted && product.exec.command.front().empty()) {
      fail(*exec->as_table()->get("command"), "product.exec.command", "begins with an empty string");
    }
  }

  void read_upstreams(const toml::node& node) {
    if (!node.is_array_of_tables()) {
      fail(node, upstream_section, "is " + std::string(kind_of(node)) + "; write [[upstream]], with two brackets");
    }
    const toml::array& tables = *node.as_array();
    if (tables.size() > upstreams_max)
      fail(node, upstream_section,
           "stands here " + std::to_string(tables.size()) + " times; it may " + std::to_string(upstreams_max) +
               " times");
    for (const toml::node& element : tables) read_upstream(*element.as_table());
  }

  void read_upstream(const toml::table& table) {
    Upstream upstream;
    const std::string prefix(upstream_section);
    read_table(table, upstream_rows(), "", prefix, upstream);
    for (const UpstreamRow& row : upstream_rows()) {
      if (row.required && !table.contains(row.key)) fail(table, prefix + '.' + std::string(row.key), "is missing");
    }
    const toml::node& name = *table.get("name");
    const toml::node& key = *table.get("public_key");
    if (const auto fault = upstream_name_fault(upstream.name))
      fail(name, "upstream.name", in_quotes(upstream.name) + ' ' + *fault);
    if (find_upstream(settings_, upstream.name))
      fail(name, "upstream.name", "a second upstream is called " + in_quotes(upstream.name));
    // The key itself is not repeated: a secret one may have been pasted here.
    if (const auto fault = curve_key_fault(upstream.public_key)) fail(key, "upstream.public_key", *fault);
    const auto same = std::ranges::find(settings_.upstreams, upstream.public_key, &Upstream::public_key);
    if (same != settings_.upstreams.end())
      fail(key, "upstream.public_key", "is the key of " + in_quotes(same->name) + " already; each has one of its own");
    add_upstream(settings_, std::move(upstream));
  }

  void check_relay() const {
    const Settings::Relay& relay = settings_.relay;
    if (plain_tcp_ && settings_.endpoints.plain_loopback == PlainLoopback::refused)
      fail(plain_tcp_->at, plain_tcp_->label,
           in_quotes(plain_tcp_->endpoint) +
               " is not encrypted and asks nobody who he is; for the network, move it to [relay]; for programs of this "
               "machine that you trust, set endpoints.plain_loopback = \"allowed\"");
    if (relay.key_file.empty()) fail(position("relay.key_file"), "relay.key_file", "is empty; it must name a file");
    const std::int64_t needed = 4 * settings_.limits.message_bytes_max;
    if (relay.has_endpoints() && relay.memory_bytes_max < needed)
      fail(either("relay.memory_bytes_max", "limits.message_bytes_max"), "relay.memory_bytes_max",
           "is " + number_text(relay.memory_bytes_max) + ", below four times limits.message_bytes_max, which is " +
               number_text(needed));
  }

  void check_auditor() const {
    const Settings::Auditor& auditor = settings_.auditor;
    const std::pair<std::string, const std::string&> all[] = {{"auditor.events", auditor.events},
                                                              {"auditor.replay", auditor.replay},
                                                              {"auditor.server_key", auditor.server_key},
                                                              {"auditor.secret_key_file", auditor.secret_key_file}};
    const auto is_set = [](const auto& setting) { return !setting.second.empty(); };
    const auto set = std::ranges::find_if(all, is_set);
    if (set == std::end(all)) return;
    for (const auto& [label, value] : all)
      if (value.empty())
        fail(position(set->first), label, "is missing; an auditor on another host needs all of [auditor]");
    for (const auto& [label, value] : std::span(all).first(2))
      if (const auto fault = remote_endpoint_fault(value))
        fail(position(label), label, in_quotes(value) + ' ' + *fault);
    if (const auto fault = curve_key_fault(auditor.server_key))
      fail(position("auditor.server_key"), "auditor.server_key", *fault);
  }

  // What depends on several settings is checked when all of them are known.
  void check_settings() {
    std::string& url = settings_.payment.url;
    if (const auto fault = payment_url_fault(url))
      fail(position("payment.url"), "payment.url", in_quotes(url) + ' ' + *fault);
    url = with_order_id(std::move(url));
    check_retries("payment", settings_.payment.retry_first_ms, settings_.payment.retry_max_ms);
    check_retries("fulfillment", settings_.fulfillment.retry_first_ms, settings_.fulfillment.retry_max_ms);
    const Settings::Limits& limits = settings_.limits;
    if (limits.inputs_in_flight_bytes_max < limits.message_bytes_max) {
      fail(either("limits.inputs_in_flight_bytes_max", "limits.message_bytes_max"), "limits.inputs_in_flight_bytes_max",
           "is " + number_text(limits.inputs_in_flight_bytes_max) + ", below limits.message_bytes_max, which is " +
               number_text(limits.message_bytes_max));
    }
  }

  void check_retries(const std::string& section, std::int64_t first_ms, std::int64_t max_ms) const {
    if (max_ms >= first_ms) return;
    const std::string label = section + ".retry_max_ms";
    fail(either(label, section + ".retry_first_ms"), label,
         "is " + number_text(max_ms) + ", below retry_first_ms, which is " + number_text(first_ms));
  }

  void check_input(const Product& product) const {
    const auto room =
        settings_.limits.message_bytes_max - static_cast<std::int64_t>(schema::request_overhead_bytes_max);
    if (product.input_bytes_max <= room) return;
    fail(either("product." + product.id, "limits.message_bytes_max"), "product.input_bytes_max",
         "is " + number_text(product.input_bytes_max) + " for " + in_quotes(product.id) +
             "; limits.message_bytes_max leaves room for " + number_text(room));
  }

  // Where the file sets the first of the two, or else the second; at least one of them is not at its default.
  [[nodiscard]] toml::source_position either(const std::string& first, const std::string& second) const {
    return positions_.contains(first) ? position(first) : position(second);
  }

  [[nodiscard]] toml::source_position position(const std::string& label) const {
    const auto found = positions_.find(label);
    return found == positions_.end() ? toml::source_position{} : found->second;
  }

  std::string name_;
  Settings settings_;
  std::map<std::string, toml::source_position> positions_;  // of settings, and of "product.<id>"'s input_bytes_max
  struct PlainTcp {
    toml::source_position at;
    std::string label;
    std::string endpoint;
  };
  std::optional<PlainTcp> plain_tcp_;                          // the first tcp endpoint of [endpoints]
  std::map<std::string, std::string, std::less<>> endpoints_;  // and the label of the setting that has it
};

std::string read_text(const std::filesystem::path& file) {
  const auto refuse = [&](const std::string& why) { throw ConfigError(file.string() + ": " + why); };
  std::error_code error;
  const auto status = std::filesystem::status(file, error);
  if (error) refuse("cannot be read: " + error.message());
  if (!std::filesystem::is_regular_file(status)) refuse("is no file");
  std::ifstream stream(file, std::ios::binary);
  if (!stream) refuse(std::string("cannot be read: ") + std::strerror(errno));
  std::string text(file_bytes_max + 1, '\0');
  stream.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (stream.bad()) refuse("cannot be read");
  text.resize(static_cast<std::size_t>(stream.gcount()));
  if (text.size() > file_bytes_max) refuse("is longer than " + number_text(file_bytes_max) + " bytes");
  return text;
}

}  // namespace

Settings load_settings(const std::optional<std::filesystem::path>& file) {
  return file ? parse_settings(read_text(*file), file->string()) : Settings{};
}

Settings parse_settings(std::string_view text, const std::string& name) {
  Loader loader(name);
  toml::table file;
  if (const auto place = first_foreign_byte(text))
    loader.fail({static_cast<toml::source_index>(place->line), static_cast<toml::source_index>(place->column)}, "",
                "a character outside of ASCII may stand in strings and comments only");
  try {
    file = toml::parse(text);
  } catch (const toml::parse_error& error) {
    loader.fail(error.source().begin, "", std::string(error.description()));
  }
  return loader.load(file);
}

}  // namespace circuit::config
