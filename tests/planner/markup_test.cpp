#include "planner/output/markup.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "tests/planner/run_program.hpp"
#include "tests/planner/scenario_text.hpp"

namespace fleetwright::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TEST(MarkupText, IsShownAndNeverRun) {
  EXPECT_EQ(markup_text("<script>\"a\" & 'b'</script>"),
            "&lt;script&gt;&quot;a&quot; &amp; &#39;b&#39;&lt;/script&gt;");
  EXPECT_EQ(markup_text("über 100 €, 深度求索 😀\n"), "über 100 €, 深度求索 😀\n");
}

TEST(MarkupText, HoldsNothingThatXmlHasNoCharacterFor) {
  const std::string mark = "\xef\xbf\xbd";
  EXPECT_EQ(markup_text(std::string("a\0b\x1b", 4)), "a" + mark + "b" + mark);
  EXPECT_EQ(markup_text("\xff\xc3(\xe2\x82"), mark + mark + "(" + mark + mark);
  EXPECT_EQ(markup_text("\xc0\xbc") /* an overlong '<' */, mark + mark);
  EXPECT_EQ(markup_text("\xed\xa0\x80") /* a surrogate */, mark + mark + mark);
}

RC_GTEST_PROP(MarkupText, OpensNoTagWhateverComes, (const std::string& text)) {
  RC_ASSERT(markup_text(text).find_first_of("<>\"'") == std::string::npos);
}

// A name, question and source that would run in a browser, in every format that one opens.
TEST(Reports, ShowAScriptInAScenario) {
  const TemporaryFolder folder;
  const std::string bad = "</title><script>alert(1)</script><img src=x onerror=alert(2)>";
  const std::string file = folder.write(
      "x.toml", "name = '" + bad + "'\nquestion = '" + bad + "'\n" + std::string(small_scenario) +
                    "[price]\nrent = \"$2.00 / h\"\nsource = '" + bad + "'\n");
  for (const char* format : {"html", "md"}) {
    const Outcome o =
        run("estimate '" + file + "' --engine analytic --format " + std::string(format));
    ASSERT_EQ(o.code, 0) << o.err;
    EXPECT_THAT(o.out, HasSubstr("alert(1)"));
    const bool html = std::string_view(format) == "html";
    const std::string unescaped = html ? "<script" : " <script";
    EXPECT_THAT(o.out, Not(HasSubstr(unescaped))) << format;
    EXPECT_THAT(o.out, Not(HasSubstr(html ? "<img" : " <img"))) << format;
  }
}

}  // namespace
}  // namespace fleetwright::testing
