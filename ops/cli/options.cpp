#include "ops/cli/options.hpp"

#include <CLI/Validators.hpp>

#include "schema/order_id.hpp"

namespace circuit::cli {
namespace {

std::string not_empty(const std::string& text) { return text.empty() ? "must not be empty" : ""; }

std::string order_id_fault(const std::string& text) {
  if (schema::parse_order_id(text)) return "";
  return "\"" + text + "\" is no order id: it looks like ord_01h455vb4pex5vsknk084sn02q";
}

}  // namespace

void DataOption::declare(CLI::App& app) {
  app.add_option("--data", data, "The data directory")->type_name("DIR")->check(not_empty)->capture_default_str();
}

void ConfigOption::declare(CLI::App& app) {
  app.add_option("--config", config, "The config file; without it the defaults hold")
      ->type_name("FILE")
      ->check(not_empty);
}

std::optional<std::filesystem::path> ConfigOption::path() const {
  if (config.empty()) return std::nullopt;
  return config;
}

void JsonOption::declare(CLI::App& app) { app.add_flag("--json", json, "Print JSON, for programs"); }

void declare_order_id(CLI::App& app, std::string& order_id) {
  app.add_option("ORDER_ID", order_id, "The order")->required()->check(order_id_fault)->option_text("(required)");
}

}  // namespace circuit::cli
