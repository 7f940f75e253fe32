// A chart of report.html, which page/charts.js draws: its data, one sentence for those who do not see it, a caption,
// and its figures as a table that also serves where scripts do not run.
#pragma once

#include <string>
#include <string_view>

#include "workers/fulfillment/analysis/report/json_writer.hpp"

namespace circuit::analysis {

// A JSON object on one line, for a chart. Texts are clipped and made safe to show; numbers have seven digits, which is
// more than a screen can show.
class ChartData {
 public:
  ChartData() { json_.begin_object(JsonWriter::Layout::one_line); }

  void text(std::string_view key, std::string_view value);
  void flag(std::string_view key, bool value) { json_.member(key, value); }
  void number(std::string_view key, double value);
  void begin_list(std::string_view key);
  void item(double value);
  void item(std::string_view value);
  void moment(double moment_us);  // as an item; milliseconds, as browsers count
  void gap() { json_.raw("null"); }
  void end_list() { json_.end(); }

  // Ends the object; "<" is written as an escape, so that nothing inside can end the <script> that it stands in.
  [[nodiscard]] std::string take();

 private:
  JsonWriter json_;
};

// Writes <figure> up to the caption. `kind` names the function that draws it; `sentence` is plain text.
void open_chart(std::string& out, std::string_view kind, std::string_view sentence, ChartData data);
// `caption` must be safe. Between it and close_chart stands the table.
void put_caption(std::string& out, std::string_view caption);
void open_figures(std::string& out);
void close_chart(std::string& out);

}  // namespace circuit::analysis
