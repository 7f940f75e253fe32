#include "workers/fulfillment/data_analysis.hpp"

#include <fcntl.h>

#include "broker/daemon/files.hpp"
#include "workers/fulfillment/analysis/analysis.hpp"

namespace circuit::fulfillment {

HandlerResult DataAnalysisHandler::run(const Request& request) {
  const schema::Document::Value field = request.input ? request.input.find("csv") : schema::Document::Value();
  if (!field) return PermanentFailure{"csv_missing", "The order has no CSV file: its input needs a field named csv."};
  const auto csv = field.bytes();
  if (!csv) return PermanentFailure{"csv_not_text", "The field csv of the order's input holds no text."};

  analysis::Limits limits;
  limits.input_bytes_max = input_bytes_max_;
  const auto result = analysis::analyze(*csv, limits);
  if (const auto* failure = std::get_if<analysis::Failure>(&result))
    return PermanentFailure{failure->code, failure->message};
  for (const analysis::File& file : std::get<analysis::Report>(result).files) {
    const std::filesystem::path path = request.output / file.name;
    daemon::write_all(daemon::open_file(path, O_WRONLY | O_CREAT | O_EXCL, 0600), file.content, path);
  }
  return DeliveredFiles{};
}

}  // namespace circuit::fulfillment
