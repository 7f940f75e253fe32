#include "ops/cli/help.hpp"

#include <fmt/format.h>

#include <memory>

#include "broker/daemon/version.hpp"
#include "ops/cli/failure.hpp"
#include "ops/cli/table.hpp"
#include "ops/cli/terminal.hpp"

namespace circuit::cli {

void describe(CLI::App& app, const Command& command) {
  app.get_formatter()->column_width(34);
  app.footer("Examples:\n" + std::string(command.examples) + "\nExit codes: circuit help exit-codes");
}

std::string help_text() {
  std::string text =
      "Circuit sells digital services: order, payment, fulfillment, receipt.\n\n"
      "Usage: circuit COMMAND [OPTIONS]\n";
  std::string_view group;
  for (const Command& command : commands()) {
    if (command.group != group) text += '\n' + std::string(command.group) + ":\n";
    group = command.group;
    text += fmt::format("  {:<10} {}\n", command.name, command.sentence);
  }
  return text +
         "\nMost commands take --data DIR (default ./data), and those that print data take --json.\n"
         "One command in full, with examples: circuit help COMMAND. Exit codes: circuit help exit-codes.\n";
}

std::string help_text(const Command& command) {
  CLI::App app(std::string(command.sentence), "circuit " + std::string(command.name));
  describe(app, command);
  (void)command.declare(app);
  return app.help();
}

std::string exit_codes_text() {
  Table table({{"CODE", Align::right}, {"MEANING"}});
  const auto add = [&](ExitCode code, std::string meaning) {
    table.add({std::to_string(static_cast<int>(code)), std::move(meaning)});
  };
  add(ExitCode::ok, "Done.");
  add(ExitCode::no, "The answer is no: a request was refused, a check found a fault, an order did not get there.");
  add(ExitCode::usage, "The command line is wrong.");
  add(ExitCode::unreachable, "The circuit is not up, not wholly up, or does not answer.");
  add(ExitCode::internal, "A fault of this program.");
  add(ExitCode::io, "A file, or the system.");
  add(ExitCode::config, "The config file or the data directory has to be put right first.");
  add(ExitCode::interrupted, "Interrupted, for example by Ctrl-C.");
  return table.text() +
         "\nWhat went wrong, and what to do next, goes to standard error; results go to standard output.\n";
}

Action declare_help(CLI::App& app) {
  auto topic = std::make_shared<std::string>();
  app.add_option("TOPIC", *topic, "A command, or exit-codes");
  return [topic] {
    if (topic->empty())
      print(help_text());
    else if (*topic == "exit-codes")
      print(exit_codes_text());
    else if (const Command* command = find_command(*topic))
      print(help_text(*command));
    else
      throw Failure(ExitCode::usage, "there is no command and no topic \"" + *topic + '"', "circuit help");
    return ExitCode::ok;
  };
}

Action declare_version(CLI::App&) {
  return [] {
    print("circuit " + std::string(daemon::version) + '\n');
    return ExitCode::ok;
  };
}

}  // namespace circuit::cli
