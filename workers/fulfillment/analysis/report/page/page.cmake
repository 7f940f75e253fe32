# Bundles the page's script with its chart library into one C++ source, anew only when one of its inputs has changed.
find_program(NODE node)
find_program(NPM npm)
find_program(ESBUILD esbuild)
foreach(tool NODE NPM ESBUILD)
  if(NOT ${tool})
    string(TOLOWER ${tool} command)
    message(FATAL_ERROR "The report page needs '${command}' to be built; scripts/setup installs it.")
  endif()
endforeach()

set(page_source ${CMAKE_CURRENT_LIST_DIR})
set(page_work ${CMAKE_BINARY_DIR}/report_page)
add_custom_command(
  OUTPUT ${page_work}/page_parts.cpp
  COMMAND ${NODE} ${page_source}/bundle.mjs ${page_work}
  DEPENDS ${page_source}/bundle.mjs ${page_source}/package.json ${page_source}/package-lock.json ${page_source}/page.js
          ${page_source}/charts.js ${page_source}/style.css
  COMMENT "Bundling the report's page"
  VERBATIM)
target_sources(circuit_analysis PRIVATE ${page_work}/page_parts.cpp)
