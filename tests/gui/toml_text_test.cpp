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
  EXPECT_EQ(path_at(document, 5, 1), "strategy.pp");
  EXPECT_EQ(path_at(document, 7, 1), "strategy.layers");
  EXPECT_EQ(path_at(document, 4, 1), "");
}

constexpr const char* nested = R"([serving]
share = { typical = 0.56, low = 0.5, source = "a, b" }
rate = { typical = 3 }  # a node
[[phase]]
name = "a"
[[phase]]
name = "b"
[phase.rollouts]
outputs = 5
[cost]
price = [{ item = "x", typical = 1 }, { item = "y", typical = 2 }]
)";

TEST(TomlText, FindsSettingsInBraces) {
  EXPECT_EQ(find_value(nested, "serving.share.typical")->text, "0.56");
  EXPECT_EQ(find_value(nested, "serving.share.source")->text, "\"a, b\"");
  EXPECT_EQ(find_value(nested, "cost.price[1].typical")->text, "2");
  const QString text = applied(nested, set_value(nested, "serving.share.low", "0.4"));
  EXPECT_TRUE(text.contains("{ typical = 0.56, low = 0.4, source"));
  EXPECT_EQ(path_at(nested, 2, 11), "serving.share.typical");
  EXPECT_EQ(path_at(nested, 2, 27), "serving.share.low");
  EXPECT_EQ(path_at(nested, 2, 1), "serving.share");
  EXPECT_EQ(path_at(nested, 11, 60), "cost.price[1].typical");
}

TEST(TomlText, AddsAndRemovesSettingsInBraces) {
  const QString added = applied(nested, set_value(nested, "serving.rate.low", "2"));
  EXPECT_TRUE(added.contains("rate = { typical = 3, low = 2 }  # a node")) << added.toStdString();
  const QString middle = applied(nested, *remove_value(nested, "serving.share.low"));
  EXPECT_TRUE(middle.contains("{ typical = 0.56, source = \"a, b\" }")) << middle.toStdString();
  const QString last = applied(nested, *remove_value(nested, "serving.share.source"));
  EXPECT_TRUE(last.contains("{ typical = 0.56, low = 0.5 }")) << last.toStdString();
  const QString only = applied(nested, *remove_value(nested, "serving.rate.typical"));
  EXPECT_TRUE(only.contains("rate = {  }  # a node")) << only.toStdString();
}

TEST(TomlText, KnowsATableBelowTheLastOfAnArray) {
  EXPECT_EQ(find_value(nested, "phase[1].rollouts.outputs")->text, "5");
  EXPECT_FALSE(find_value(nested, "phase[0].rollouts.outputs"));
  const QString text = applied(nested, set_value(nested, "phase[1].rollouts.extra", "1"));
  EXPECT_TRUE(text.contains("outputs = 5\nextra = 1\n"));
}

TEST(TomlText, SurvivesWhatIsNoToml) {
  for (const char* text : {"", "=", "[", "[[", "a = ", "a = \"", "a = '''", "a = [", "\\", "[a]\nb",
                           "a = {", "a = {b", "a = {b =", "a = [{", "a = {b = [", "a = }",
                           "a = {,}", "a = {b = \"", "[[a]]\n[a.b]\nc={d=}"}) {
    const QString changed = applied(text, set_value(text, "x.y", "1"));
    EXPECT_TRUE(changed.contains("y = 1")) << text;
  }
}

}  // namespace
}  // namespace fleetwright::gui
