#include "workers/fulfillment/analysis/report/html_table.hpp"

#include "workers/fulfillment/analysis/report/html_text.hpp"

namespace circuit::analysis {

void open_table(std::string& out, std::string_view caption, std::initializer_list<Head> heads) {
  put(out, "<div class=\"scroll\" tabindex=\"0\"><table>\n<caption>{}</caption>\n<thead><tr>", caption);
  for (const Head& head : heads)
    put(out, "<th scope=\"col\"{}>{}</th>", head.is_number ? " class=\"number\"" : "", head.text);
  out += "</tr></thead>\n<tbody>\n";
}

void close_table(std::string& out) { out += "</tbody>\n</table></div>\n"; }

void put_row_head(std::string& out, std::string_view html) { put(out, "<th scope=\"row\">{}</th>", html); }

void put_cell(std::string& out, std::string_view html) { put(out, "<td>{}</td>", html); }

void put_number_cell(std::string& out, std::string_view html) { put(out, "<td class=\"number\">{}</td>", html); }

void put_fact(std::string& out, std::string_view label, std::string_view html) {
  put(out, "<div><dt>{}</dt><dd>{}</dd></div>\n", label, html);
}

}  // namespace circuit::analysis
