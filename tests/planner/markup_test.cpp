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

TEST(MarkdownText, EscapesWhatWouldBeATagOrACell) {
  EXPECT_EQ(markdown_text("a < b | c"), "a \\< b \\| c");
  EXPECT_EQ(markdown_text("\\<script>"), "\\\\\\<script>");
}

RC_GTEST_PROP(MarkdownText, OpensNoTagWhateverComes, (const std::string& text)) {
  const std::string out = markdown_text(text);
  for (std::size_t i = 0; i < out.size(); ++i) {
    if (out[i] == '\\') {
      ++i;  // what stands behind is escaped
    } else {
      RC_ASSERT(out[i] != '<');
    }
  }
}

// What is left after the characters that Markdown escapes.
std::string without_escaped(std::string text) {
  for (std::size_t at = 0; (at = text.find('\\', at)) != std::string::npos;) text.erase(at, 2);
  return text;
}

// A name, question and source that would run in a browser, in every format that one opens.
TEST(Reports, ShowAScriptInAScenario) {
  const TemporaryFolder folder;
  const std::string bad = "</title><script>alert(1)</script><img src=x onerror=alert(2)>";
  const std::string file = folder.write(
      "x.toml", "name = '" + bad + "'\nquestion = '" + bad + "'\n" + std::string(small_scenario) +
                    "[price]\nrent = \"$2.00 / h\"\nsource = '" + bad + "'\n");
  for (const std::string command :
       {"estimate --engine analytic", "cost --engine analytic", "plan --engine analytic",
        "compare --variant strategy.tp=1 --engine analytic"}) {
    for (const std::string format : {"html", "md"}) {
      const Outcome o = run(command + " '" + file + "' --format " + format);
      if (o.code == 2 && format == "html") continue;  // not every command makes a page
      ASSERT_EQ(o.code, 0) << command << "\n" << o.err;
      EXPECT_THAT(o.out, HasSubstr("alert(1)")) << command;
      const std::string text = format == "md" ? without_escaped(o.out) : o.out;
      EXPECT_THAT(text, Not(HasSubstr("<script"))) << command << " " << format;
      EXPECT_THAT(text, Not(HasSubstr("<img src=x"))) << command << " " << format;
    }
  }
}

}  // namespace
}  // namespace fleetwright::testing
