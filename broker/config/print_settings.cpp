// Prints a page that is made from the settings table: the sample config, or the reference.
#include <cstdio>
#include <string_view>

#include "broker/config/settings_print.hpp"

int main(int argc, char** argv) {
  const std::string_view page = argc == 2 ? argv[1] : "";
  if (page != "sample" && page != "reference") {
    std::fputs("usage: print_settings sample|reference\n", stderr);
    return 64;
  }
  std::fputs((page == "sample" ? circuit::config::print_sample() : circuit::config::print_reference()).c_str(), stdout);
}
