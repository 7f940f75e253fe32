#include "broker/config/settings_print.hpp"

#include <algorithm>
#include <utility>

#include "broker/config/settings_table.hpp"

namespace circuit::config {
namespace {

template <class Owner>
bool is_integer(const Row<Owner>& row) {
  return std::holds_alternative<std::int64_t& (*)(Owner&)>(row.member);
}

template <class Owner>
bool is_list(const Row<Owner>& row) {
  return std::holds_alternative<std::vector<std::string>& (*)(Owner&)>(row.member);
}

// "1 to 4_000 ms", `"auto" or "manual"`, "at most 16 strings", "a string".
template <class Owner>
std::string accepts(const Row<Owner>& row) {
  std::string text;
  if (is_integer(row)) {
    text = number_text(row.lowest) + " to " + number_text(row.highest);
    if (!row.unit.empty()) text += ' ' + std::string(row.unit);
  } else if (is_list(row)) {
    text = number_text(row.lowest) + " to " + number_text(row.highest) + (row.words.empty() ? " strings" : " of ");
    for (std::size_t i = 0; i < row.words.size(); ++i)
      text += (i > 0 ? ", \"" : "\"") + std::string(row.words[i]) + '"';
  } else if (row.words.empty()) {
    text = "a string";
  } else {
    for (std::size_t i = 0; i < row.words.size(); ++i) {
      if (i > 0) text += i + 1 < row.words.size() ? ", " : " or ";
      text += '"' + std::string(row.words[i]) + '"';
    }
  }
  return text;
}

// " (16 MiB)" behind a round number of bytes; otherwise nothing.
template <class Owner>
std::string readable(const Row<Owner>& row, Owner& owner) {
  if (!is_integer(row) || row.unit != "bytes") return "";
  const std::int64_t bytes = std::get<std::int64_t& (*)(Owner&)>(row.member)(owner);
  constexpr std::pair<std::int64_t, const char*> units[] = {
      {tebibyte, "TiB"}, {gibibyte, "GiB"}, {mebibyte, "MiB"}, {kibibyte, "KiB"}};
  for (const auto& [size, name] : units)
    if (bytes >= size && bytes % size == 0) return " (" + std::to_string(bytes / size) + ' ' + name + ')';
  return "";
}

template <class Owner>
std::string reference_line(const Row<Owner>& row) {
  Owner fresh{};
  const std::string value = row.required ? "required" : '`' + value_text(row, fresh) + '`' + readable(row, fresh);
  return "| `" + std::string(row.key) + "` | " + value + " | " + accepts(row) + " | " + std::string(row.sentence) +
         " |\n";
}

constexpr std::string_view table_head = "| key | default | accepts | what it does |\n|---|---|---|---|\n";

// Comment lines of at most 100 columns.
std::string comment(std::string_view text) {
  std::string out;
  std::size_t column = 0;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(' '), text.size());
    if (column == 0 || column + 1 + end > 100) {
      out += column == 0 ? "#" : "\n#";
      column = 1;
    }
    out += ' ';
    out += text.substr(0, end);
    column += 1 + end;
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return out + '\n';
}

template <class Owner>
std::string explanation(const Row<Owner>& row) {
  const bool any_string = !is_integer(row) && !is_list(row) && row.words.empty();
  return comment(std::string(row.sentence) + (any_string ? "" : " Accepts " + accepts(row) + '.'));
}

template <class Owner>
std::string assignment(const Row<Owner>& row, Owner& owner) {
  return std::string(row.key) + " = " + value_text(row, owner);
}

std::string sample_product(Product& product, bool explained) {
  std::string out = "\n[[product]]\n";
  for (const ProductRow& row : product_rows()) {
    if (row.section != "") continue;
    if (explained) out += explanation(row);
    out += assignment(row, product) + '\n';
  }
  return out;
}

// A product with a program of its own, all of it as comments.
std::string sample_exec() {
  Product product;
  product.id = "REPORT_V1";
  product.amount = 9'900;
  product.currency = "EUR";
  product.handler = "exec";
  product.exec.command = {"/usr/local/bin/make-report", "--quiet"};
  std::string out = "\n# A product that a program of your own makes:\n#\n# [[product]]\n";
  bool in_exec = false;
  for (const ProductRow& row : product_rows()) {
    if (row.section == "exec") {
      if (!std::exchange(in_exec, true)) out += "#\n# [product.exec]\n";
      out += explanation(row);
    }
    out += "# " + assignment(row, product) + '\n';
  }
  return out;
}

// Somebody on the network, all of it as comments: there is nobody by default.
std::string sample_upstream() {
  Upstream upstream;
  upstream.name = "shop";
  upstream.public_key = "40 characters of Z85";  // no key: a published one would have a published secret
  std::string out = "\n" + comment("Who may come over the network; `circuit keygen NAME` prints these lines.") +
                    "#\n# [[upstream]]\n";
  for (const UpstreamRow& row : upstream_rows()) out += explanation(row) + "# " + assignment(row, upstream) + '\n';
  return out;
}

}  // namespace

std::string print_reference() {
  std::string out =
      "# Settings\n\n"
      "The config file is TOML; every daemon reads it with `--config FILE`. Without it, or for what it does not name,\n"
      "the defaults hold. Underscores in numbers are for the eye.\n";
  for (const Section& section : setting_sections()) {
    out += "\n## [" + std::string(section.name) + "]\n\n" + std::string(section.sentence) + "\n\n";
    out += table_head;
    for (const SettingRow& row : setting_rows())
      if (row.section == section.name) out += reference_line(row);
  }
  out +=
      "\n## [[product]]\n\n"
      "One table for each thing that is sold. The first one in the file replaces the whole default catalogue, which is "
      "the two\nproducts of the sample file.\n\n";
  out += table_head;
  for (const ProductRow& row : product_rows())
    if (row.section == "") out += reference_line(row);
  out += "\n### [product.exec]\n\nOnly for `handler = \"exec\"`, and needed there.\n\n";
  out += table_head;
  for (const ProductRow& row : product_rows())
    if (row.section == "exec") out += reference_line(row);
  out +=
      "\n## [[upstream]]\n\nOne table for each upstream or subscriber that may come over the network, through "
      "[relay].\n\n";
  out += table_head;
  for (const UpstreamRow& row : upstream_rows()) out += reference_line(row);
  return out;
}

std::string print_sample() {
  std::string out =
      "# Circuit's settings. Every value here is the default: keep the lines that you change and delete the others.\n";
  Settings fresh;
  for (const Section& section : setting_sections()) {
    out += '\n' + comment(section.sentence) + '[' + std::string(section.name) + "]\n";
    for (const SettingRow& row : setting_rows())
      if (row.section == section.name) out += explanation(row) + assignment(row, fresh) + '\n';
  }
  out += '\n' + comment("What is sold. The first [[product]] in the file replaces the whole default catalogue.");
  bool explained = true;
  for (Product& product : fresh.products) out += sample_product(product, std::exchange(explained, false));
  return out + sample_upstream() + sample_exec();
}

std::string print_help() {
  std::string out = "Settings of the config file (TOML), with their defaults:\n";
  Settings fresh;
  for (const SettingRow& row : setting_rows())
    out += "  " + std::string(row.section) + '.' + assignment(row, fresh) + readable(row, fresh) + '\n';
  out += "Keys of each [[product]]:\n";
  Product product;
  for (const ProductRow& row : product_rows()) {
    out += std::string("  product.") + (row.section == "exec" ? "exec." : "");
    out += row.required ? std::string(row.key) + " (required)" : assignment(row, product) + readable(row, product);
    out += '\n';
  }
  out += "Keys of each [[upstream]]:\n";
  Upstream upstream;
  for (const UpstreamRow& row : upstream_rows())
    out += "  upstream." + (row.required ? std::string(row.key) + " (required)" : assignment(row, upstream)) + '\n';
  return out;
}

}  // namespace circuit::config
