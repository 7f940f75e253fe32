// What every report.html holds whatever the data are. The texts are made by page/bundle.mjs when Circuit is built.
#pragma once

#include <string_view>

namespace circuit::analysis {

extern const std::string_view page_script;       // runs as it stands between <script> and </script>
extern const std::string_view page_script_hash;  // sha256-…, as a content security policy names the script
extern const std::string_view page_style;        // stands as it is between <style> and </style>
extern const std::string_view page_licences;  // of what the script holds that is not ours: escaped text, with line ends

}  // namespace circuit::analysis
