#include "ops/cli/command.hpp"

#include <catch2/catch.hpp>
#include <set>
#include <string>

#include "ops/cli/help.hpp"

using namespace circuit;

TEST_CASE("every command has a name of its own, a sentence, and examples that call it") {
  std::set<std::string_view> names;
  for (const cli::Command& command : cli::commands()) {
    INFO(command.name);
    CHECK(names.insert(command.name).second);
    CHECK(command.sentence.ends_with('.'));
    CHECK(command.examples.starts_with("  circuit " + std::string(command.name)));
    CHECK(command.examples.ends_with('\n'));
    CHECK(cli::find_command(command.name) == &command);
  }
}

TEST_CASE("the help lists every command, and each command's help has its examples") {
  const std::string all = cli::help_text();
  for (const cli::Command& command : cli::commands()) {
    INFO(command.name);
    CHECK(all.find(std::string(command.sentence)) != std::string::npos);
    CHECK(cli::help_text(command).find(std::string(command.examples)) != std::string::npos);
  }
}

TEST_CASE("commands of a group stand together") {
  std::set<std::string_view> ended;
  std::string_view group;
  for (const cli::Command& command : cli::commands()) {
    if (command.group != group) {
      CHECK(ended.insert(group).second);
      CHECK_FALSE(ended.contains(command.group));
    }
    group = command.group;
  }
}
