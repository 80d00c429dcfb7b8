#include "gui/models/toml_text.hpp"

#include <gtest/gtest.h>

namespace fleetwright::gui {
namespace {

constexpr const char* document =
    "# question?\n"
    "name = \"x\"  # not \"y\"\n"
    "\n"
    "[strategy]\n"
    "pp = 16  # deep\n"
    "layers = [1,  # first\n"
    "  2]\n"
    "\n"
    "[[phase]]\n"
    "name = \"a\"\n"
    "[[phase]]\n"
    "name = 'b # no comment'\n";

QString applied(const QString& text, const TextEdit& edit) {
  return QString(text).replace(edit.position, edit.length, edit.text);
}

TEST(TomlText, ReplacesAValueAndKeepsItsComment) {
  const QString text = applied(document, set_value(document, "strategy.pp", "8"));
  EXPECT_TRUE(text.contains("pp = 8  # deep\n"));
  EXPECT_EQ(text.size(), QString(document).size() - 1);
}

TEST(TomlText, KnowsTablesOfAnArrayByNumber) {
  const QString text = applied(document, set_value(document, "phase[1].name", "\"c\""));
  EXPECT_TRUE(text.contains("name = \"a\"\n"));
  EXPECT_TRUE(text.endsWith("name = \"c\"\n"));
}

TEST(TomlText, ReplacesAValueOfSeveralLines) {
  const QString text = applied(document, set_value(document, "strategy.layers", "[3]"));
  EXPECT_TRUE(text.contains("layers = [3]\n\n[[phase]]"));
}

TEST(TomlText, AddsALineToItsTable) {
  const QString text = applied(document, set_value(document, "strategy.ep", "64"));
  EXPECT_TRUE(text.contains("  2]\nep = 64\n"));
}

TEST(TomlText, AddsTheTableWhereThereIsNone) {
  const QString text = applied(document, set_value(document, "price.rent", "\"$2 / h\""));
  EXPECT_TRUE(text.endsWith("\n[price]\nrent = \"$2 / h\"\n"));
}

TEST(TomlText, AddsToTheTopBeforeTheFirstTable) {
  const QString text = applied(document, set_value(document, "seed", "7"));
  EXPECT_LT(text.indexOf("seed = 7"), text.indexOf("[strategy]"));
  EXPECT_GT(text.indexOf("seed = 7"), text.indexOf("name = \"x\""));
}

TEST(TomlText, TakesALineOut) {
  const auto edit = remove_value(document, "strategy.pp");
  ASSERT_TRUE(edit);
  EXPECT_TRUE(applied(document, *edit).contains("[strategy]\nlayers"));
  EXPECT_FALSE(remove_value(document, "strategy.tp"));
}

TEST(TomlText, FindsTheLineOfASettingAndBack) {
  EXPECT_EQ(line_of(document, "strategy.pp"), 5);
  EXPECT_EQ(line_of(document, "phase[1].name"), 12);
  EXPECT_EQ(line_of(document, "none"), 0);
  EXPECT_EQ(path_at_line(document, 5), "strategy.pp");
  EXPECT_EQ(path_at_line(document, 7), "strategy.layers");
  EXPECT_EQ(path_at_line(document, 4), "");
}

TEST(TomlText, SurvivesWhatIsNoToml) {
  for (const char* text :
       {"", "=", "[", "[[", "a = ", "a = \"", "a = '''", "a = [", "\\", "[a]\nb"}) {
    const QString changed = applied(text, set_value(text, "x.y", "1"));
    EXPECT_TRUE(changed.contains("y = 1")) << text;
  }
}

}  // namespace
}  // namespace fleetwright::gui
