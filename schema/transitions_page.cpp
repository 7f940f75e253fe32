#include "schema/transitions_page.hpp"

#include "schema/transitions.hpp"

namespace circuit::schema {
namespace {

std::string words(RoleSet roles) {
  std::string text;
  for (const Role role : all_roles)
    if (holds(roles, role)) text.append(text.empty() ? "" : ", ").append(name_of(role));
  return text;
}

std::string state_in_diagram(Status status) { return status == Status::none ? "[*]" : std::string(name_of(status)); }

}  // namespace

std::string transitions_page() {
  std::string page =
      "# The life of an order\n\n"
      "Printed from the table in `schema/transitions.hpp` by `scripts/docs`; edit the table, not this page.\n"
      "What is not listed here is refused with `invalid_transition` and changes nothing.\n\n"
      "```mermaid\nstateDiagram-v2\n";
  for (const TransitionRule& rule : transition_rules)
    page.append("  ")
        .append(state_in_diagram(rule.from))
        .append(" --> ")
        .append(state_in_diagram(rule.to))
        .append(": ")
        .append(name_of(rule.event))
        .append("\n");
  for (std::size_t i = 1; i < status_names.size(); ++i)
    if (is_final(static_cast<Status>(i))) page.append("  ").append(status_names[i]).append(" --> [*]\n");
  page.append("```\n\n| from | event | to | who may | why |\n|---|---|---|---|---|\n");
  for (const TransitionRule& rule : transition_rules) {
    page.append("| ")
        .append(rule.from == Status::none ? "" : name_of(rule.from))
        .append(" | `")
        .append(name_of(rule.event));
    page.append("` | ").append(name_of(rule.to)).append(" | ").append(words(rule.owners)).append(" | ");
    page.append(rule.why).append(" |\n");
  }
  return page;
}

}  // namespace circuit::schema
