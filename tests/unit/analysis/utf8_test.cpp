#include "workers/fulfillment/analysis/text/utf8.hpp"

#include <catch2/catch.hpp>
#include <string>

#include "workers/fulfillment/analysis/report/html_text.hpp"
#include "workers/fulfillment/analysis/text/number_text.hpp"

using namespace circuit::analysis;

TEST_CASE("well-formed UTF-8 of every length is accepted") {
  CHECK(find_invalid_utf8("plain ascii text") == std::string_view::npos);
  CHECK(find_invalid_utf8("é € 𝄞 \xF4\x8F\xBF\xBF \xED\x9F\xBF \xEE\x80\x80") == std::string_view::npos);
}

TEST_CASE("the first byte that is not UTF-8 is found") {
  CHECK(find_invalid_utf8("12345678\xFF") == 8);
  CHECK(find_invalid_utf8("caf\xE9") == 3);            // Latin-1
  CHECK(find_invalid_utf8("a\xC0\xAF") == 1);          // overlong
  CHECK(find_invalid_utf8("a\xE0\x9F\xBF") == 1);      // overlong
  CHECK(find_invalid_utf8("a\xF0\x8F\xBF\xBF") == 1);  // overlong
  CHECK(find_invalid_utf8("a\xED\xA0\x80") == 1);      // surrogate
  CHECK(find_invalid_utf8("a\xF4\x90\x80\x80") == 1);  // above U+10FFFF
  CHECK(find_invalid_utf8("a\x80") == 1);              // stray continuation
  CHECK(find_invalid_utf8("a\xE2\x82") == 1);          // cut off
  CHECK(find_invalid_utf8("a\xE2\x82z") == 1);
}

TEST_CASE("clipping counts code points and never cuts through one") {
  CHECK(clip("äöü", 3) == "äöü");
  CHECK(clip("äöüß", 3) == "äö…");
  CHECK(clip("", 3).empty());
}

TEST_CASE("controls and direction marks become visible") {
  CHECK(neutralised("a\x1B[31m\n") == "a␛[31m␊");
  CHECK(neutralised("\x7F") == "␡");
  CHECK(neutralised("user\u202Egpj.exe") == "user\uFFFDgpj.exe");
  CHECK(neutralised("\u2066x\u2069\u200F\u2028\uFEFF\u0085") == "\uFFFDx\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD");
  CHECK(neutralised("naïve שלום 👩‍🚀") == "naïve שלום 👩‍🚀");
}

TEST_CASE("HTML text cannot open a tag or leave an attribute") {
  CHECK(html_text("<b a=\"x\" b='y'>&amp;") == "&lt;b a=&quot;x&quot; b=&#39;y&#39;&gt;&amp;amp;");
}

TEST_CASE("exact numbers read back as the same double") {
  CHECK(exact_text(0.1) == "0.1");
  CHECK(exact_text(100000) == "100000");
  CHECK(exact_text(-9007199254740992.0) == "-9007199254740992");
  CHECK(exact_text(1.0 / 3) == "0.3333333333333333");
  CHECK(std::stod(exact_text(1e300)) == 1e300);
}

TEST_CASE("readable numbers group thousands and keep six digits") {
  CHECK(readable_text(1234567.0) == "1,234,567");
  CHECK(readable_text(-123.0) == "-123");
  CHECK(readable_text(-1234.5) == "-1,234.5");
  CHECK(readable_text(3.02943189596167) == "3.02943");
  CHECK(readable_text(1234567.891) == "1,234,568");
  CHECK(readable_text(0.000012345) == "1.2345e-05");
  CHECK(readable_text(1e300) == "1e+300");
  CHECK(readable_text(0.0) == "0");
  CHECK(readable_text(std::size_t{1000}) == "1,000");
}

TEST_CASE("a share that is not all or nothing does not say so") {
  CHECK(percent_text(0, 10) == "0%");
  CHECK(percent_text(10, 10) == "100%");
  CHECK(percent_text(1, 1'000'000) == "<0.1%");
  CHECK(percent_text(999'999, 1'000'000) == ">99.9%");
  CHECK(percent_text(1, 3) == "33.3%");
}

TEST_CASE("dates before 1970 are written correctly") {
  CHECK(moment_text(-1, false) == "1969-12-31T23:59:59.999999Z");
  CHECK(moment_text(-1'000'000, false) == "1969-12-31T23:59:59Z");
  CHECK(moment_text(86'400'000'000, true) == "1970-01-02");
}
