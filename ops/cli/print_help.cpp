// Prints the page of all commands of `circuit`, with the help of each.
#include <cstdio>
#include <string>

#include "ops/cli/help.hpp"

int main() {
  using namespace circuit::cli;
  std::string page =
      "# The commands of `circuit`\n\n"
      "Printed by `scripts/docs` from the program's own help; edit the command, not this page. In a clone,\n"
      "`scripts/circuit` builds the program and runs it.\n\n```\n" +
      help_text() + "```\n";
  for (const Command& command : commands())
    page.append("\n## circuit ").append(command.name).append("\n\n```\n").append(help_text(command)).append("```\n");
  page += "\n## Exit codes\n\n```\n" + exit_codes_text() + "```\n";
  std::fputs(page.c_str(), stdout);
}
