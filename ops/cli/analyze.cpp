// circuit analyze: the data-analysis product on a file of this machine, for trying it and for support. The files are,
// byte for byte, those that an order of the same input delivers; only the limits on the input's size are others.
#include <fmt/format.h>

#include <algorithm>
#include <list>
#include <memory>

#include "ops/cli/analyze_run.hpp"
#include "ops/cli/command.hpp"
#include "ops/cli/failure.hpp"
#include "ops/cli/new_file.hpp"
#include "ops/cli/table.hpp"
#include "ops/cli/terminal.hpp"
#include "ops/cli/text.hpp"

namespace circuit::cli {
namespace {

namespace fs = std::filesystem;

struct Options {
  std::string file;
  std::string out;
  bool force = false;
  bool json = false;
  int repeat = 1;
};

// "sales-report" for data/sales.csv and data/sales.csv.gz.
fs::path directory_for(const Options& options) {
  if (!options.out.empty()) return options.out;
  if (options.file == "-") return "stdin-report";
  fs::path name = fs::path(options.file).filename();
  if (name.extension() == ".gz") name = name.stem();
  return name.stem().string() + "-report";
}

const std::string& content_of(const analysis::Report& report, std::string_view name) {
  const auto file = std::ranges::find(report.files, name, &analysis::File::name);
  if (file == report.files.end()) throw std::logic_error("the report has no " + std::string(name));
  return file->content;
}

// All files are whole on the disk before the first one gets its name.
void write(const analysis::Report& report, const fs::path& out, bool force) {
  if (!force)
    for (const analysis::File& file : report.files) refuse_existing(out / file.name);
  fs::create_directories(out);
  std::list<NewFile> files;
  for (const analysis::File& file : report.files) files.emplace_back(out / file.name).write(file.content);
  for (NewFile& file : files) file.finish(force);
}

std::string places_text(const analysis::Report& report, const fs::path& out) {
  Table table({{""}, {"", Align::right}});
  for (const analysis::File& file : report.files)
    table.add({(out / file.name).string(), bytes_text(file.content.size())});
  return table.text();
}

// scripts/bench reads this line.
std::string speed_text(const Options& options, const AnalyzeRun& run) {
  const auto ms = [](std::int64_t us) { return static_cast<double>(us) / 1e3; };
  return fmt::format("{} bytes, {} rows: {:.3f} ms of processor time, {:.1f} MB/s; report: {:.3f} ms{}\n", run.bytes,
                     run.rows, ms(run.examining_us),
                     static_cast<double>(run.bytes) / static_cast<double>(std::max<std::int64_t>(run.examining_us, 1)),
                     ms(run.writing_us),
                     options.repeat == 1 ? "" : fmt::format("; the median of {} runs", options.repeat));
}

ExitCode analyze(const Options& options) {
  // Here and not by the options' own rules, whose help has no fixed order.
  if (options.json && (options.force || !options.out.empty()))
    throw Failure(ExitCode::usage, "--json writes no files, so it takes neither --out nor --force");
  const AnalyzeRun done = run_analysis(options.file, options.repeat);
  if (options.json) {
    print(content_of(done.report, "analysis.json"));
  } else {
    const fs::path out = directory_for(options);
    write(done.report, out, options.force);
    print(content_of(done.report, "summary.txt") + '\n' + places_text(done.report, out));
  }
  note(speed_text(options, done));
  return ExitCode::ok;
}

}  // namespace

Action declare_analyze(CLI::App& app) {
  auto options = std::make_shared<Options>();
  app.add_option("FILE", options->file, "The CSV file; - is standard input")->required();
  app.add_option("--out", options->out, "Where the files go; ./NAME-report if not given")->type_name("DIR");
  app.add_flag("--force", options->force, "Replace files that are there");
  app.add_flag("--json", options->json, "Print analysis.json alone, and write no files");
  // For scripts/bench: an engine that is warm.
  app.add_option("--repeat", options->repeat)->check(CLI::Range(1, 100))->group("");
  return [options] { return analyze(*options); };
}

}  // namespace circuit::cli
