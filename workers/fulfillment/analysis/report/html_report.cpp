#include "workers/fulfillment/analysis/report/html_report.hpp"

#include <array>

#include "workers/fulfillment/analysis/report/html_sections.hpp"
#include "workers/fulfillment/analysis/report/html_text.hpp"
#include "workers/fulfillment/analysis/report/page_parts.hpp"

namespace circuit::analysis {
namespace {

struct Section {
  const char* id;
  const char* heading;
  void (*write)(std::string& out, const Analysis& analysis);
};

constexpr std::array sections = {
    Section{"overview", "Overview", write_overview},
    Section{"findings", "Findings", write_findings},
    Section{"time", "Time", write_time},
    Section{"relations", "Relations", write_relations},
    Section{"columns", "Columns", write_columns},
    Section{"missing", "Missing values", write_missing},
    Section{"quality", "Data quality", write_quality},
    Section{"method", "Method", write_method},
};

// The policy holds the browser to what the page keeps to anyway: one script, known by its hash, and no request at all.
void write_head(std::string& out) {
  put(out,
      "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; script-src '{}'; "
      "style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
      "<meta name=\"color-scheme\" content=\"light dark\">\n<title>Data analysis</title>\n<style>",
      page_script_hash);
  out += page_style;
  out += "</style>\n</head>\n<body>\n<a class=\"skip\" href=\"#main\">Skip to the report</a>\n";
}

void write_contents(std::string& out) {
  out += "<nav class=\"contents\" aria-label=\"Contents\"><ol>\n";
  for (const Section& section : sections) put(out, "<li><a href=\"#{}\">{}</a></li>\n", section.id, section.heading);
  out += "</ol></nav>\n";
}

}  // namespace

void open_section(std::string& out, const char* id, const char* heading) {
  put(out, "<section id=\"{0}\" aria-labelledby=\"{0}-heading\">\n<h2 id=\"{0}-heading\">{1}</h2>\n", id, heading);
}

std::string html_report(const Analysis& analysis) {
  std::string out;
  out.reserve(page_bytes_max);
  write_head(out);
  write_contents(out);
  out += "<main id=\"main\">\n";
  for (const Section& section : sections) section.write(out, analysis);
  put(out,
      "</main>\n<footer>\n<p>Made by Circuit {}. The same file and the same version give the same report, byte for "
      "byte. "
      "This page is complete in itself: it loads nothing and sends nothing.</p>\n</footer>\n<script>",
      html_text(analysis.version));
  out += page_script;
  out += "</script>\n</body>\n</html>\n";
  out.shrink_to_fit();
  return out;
}

}  // namespace circuit::analysis
