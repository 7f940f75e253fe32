// Options that many commands share, so that they are called and described alike everywhere.
#pragma once

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <filesystem>
#include <optional>
#include <string>

namespace circuit::cli {

struct DataOption {
  std::string data = "./data";
  void declare(CLI::App& app);
};

struct ConfigOption {
  std::string config;
  void declare(CLI::App& app);
  [[nodiscard]] std::optional<std::filesystem::path> path() const;  // nothing: the defaults hold
};

struct JsonOption {
  bool json = false;
  void declare(CLI::App& app);
};

// A positional order id, checked before anything is sent.
void declare_order_id(CLI::App& app, std::string& order_id);

}  // namespace circuit::cli
