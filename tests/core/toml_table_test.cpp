#include "models/core/toml_table.hpp"

#include <gtest/gtest.h>

#include <functional>

namespace fleetwright {
namespace {

// What reading the text with `read` says, one line a diagnostic: "line:column: message ->
// suggestion".
std::string diagnose(std::string_view text, const std::function<void(TomlTable&)>& read) {
  const TomlMap map = parse_toml(text, "s.toml");
  Diagnostics diagnostics;
  TomlTable table(map, {"s.toml", 1, 1}, "", diagnostics);
  read(table);
  std::string out;
  for (const Diagnostic& d : diagnostics.all()) {
    out += std::to_string(d.where.line) + ":" + std::to_string(d.where.column) + ": " + d.message;
    if (!d.suggestion.empty()) out += " -> " + d.suggestion;
    out += "\n";
  }
  return out;
}

TEST(TomlTable, ReadsWhatIsThere) {
  const auto said =
      diagnose(R"(name = "x"
on = true
n = 5
ratio = 0.5
whole = 2
memory = "80 GiB"
list = [1, 2]
words = ["a", "b"]
)",
               [](TomlTable& t) {
                 EXPECT_EQ(t.text("name"), "x");
                 EXPECT_EQ(t.boolean("on"), true);
                 EXPECT_EQ(t.integer("n", {1, 5}), 5);
                 EXPECT_EQ(t.number("ratio", {0, 1}), 0.5);
                 EXPECT_EQ(t.number("whole", {0, 2}), 2.0);
                 EXPECT_EQ(t.quantity<Bytes>("memory"), 80_GiB);
                 EXPECT_EQ(t.integers("list", {1, 2}), (std::vector<std::int64_t>{1, 2}));
                 EXPECT_EQ(t.texts("words"), (std::vector<std::string>{"a", "b"}));
                 EXPECT_EQ(t.choice("name", {"x", "y"}), "x");
                 EXPECT_EQ(t.text("absent"), std::nullopt);
                 EXPECT_EQ(t.quantity<Bytes>("absent"), std::nullopt);
                 EXPECT_TRUE(t.tables("absent").empty());
                 t.refuse_unknown_keys();
               });
  EXPECT_EQ(said, "");
}

TEST(TomlTable, RefusesUnknownKeysAtTheKey) {
  EXPECT_EQ(diagnose("tp = 1\n  ppp = 2\nzzzzzz = 3\n",
                     [](TomlTable& t) {
                       EXPECT_EQ(t.integer("tp", {1, 8}), 1);
                       EXPECT_EQ(t.integer("pp", {1, 8}), std::nullopt);
                       t.refuse_unknown_keys();
                     }),
            "2:3: unknown key 'ppp' -> did you mean 'pp'?\n"
            "3:1: unknown key 'zzzzzz' -> one of: pp, tp\n");
}

TEST(TomlTable, NamesTheTableInMessages) {
  EXPECT_EQ(diagnose("[strategy]\ntp = 0\n[[phase]]\n[[phase]]\nx = 1\n",
                     [](TomlTable& t) {
                       auto strategy = t.table("strategy");
                       ASSERT_TRUE(strategy);
                       EXPECT_EQ(strategy->integer("tp", {1, 8}), std::nullopt);
                       strategy->require("pp", "2");
                       auto phases = t.tables("phase");
                       ASSERT_EQ(phases.size(), 2U);
                       phases[1].refuse_unknown_keys();
                     }),
            "2:6: strategy.tp = 0 is outside 1 to 8\n"
            "1:1: missing key 'strategy.pp' -> add a line such as pp = 2\n"
            "5:1: unknown key 'phase[1].x'\n");
}

TEST(TomlTable, SaysWhichTypeItWantedAndWhichItGot) {
  const auto all = [](TomlTable& t) {
    static_cast<void>(t.integer("x", {0, 9}));
    static_cast<void>(t.text("x"));
    static_cast<void>(t.boolean("x"));
    static_cast<void>(t.table("x"));
    static_cast<void>(t.tables("x"));
    static_cast<void>(t.integers("x", {0, 9}));
    static_cast<void>(t.texts("x"));
  };
  EXPECT_EQ(diagnose("x = 1.5\n", all),
            "1:5: x must be an integer, not a number\n"
            "1:5: x must be a text, not a number\n"
            "1:5: x must be true or false, not a number\n"
            "1:5: x must be a table, not a number\n"
            "1:5: x must be an array of tables, written [[x]], not a number\n"
            "1:5: x must be an array of integers, not a number\n"
            "1:5: x must be an array of texts, not a number\n");
}

TEST(TomlTable, ABareNumberIsToldItsUnit) {
  EXPECT_EQ(
      diagnose("memory = 80\n", [](TomlTable& t) { EXPECT_FALSE(t.quantity<Bytes>("memory")); }),
      "1:10: memory is a bare number without a unit -> write it with its unit, as in memory = "
      "\"80 GiB\"\n");
  EXPECT_EQ(
      diagnose("memory = true\n", [](TomlTable& t) { EXPECT_FALSE(t.quantity<Bytes>("memory")); }),
      "1:10: memory must be a text with a unit, such as \"80 GiB\", not a boolean\n");
  EXPECT_EQ(diagnose("memory = \"80 Gb\"\n",
                     [](TomlTable& t) { EXPECT_FALSE(t.quantity<Bytes>("memory")); }),
            "1:10: unknown unit 'Gb' in '80 Gb', which must be an amount of data -> did you mean "
            "'GB'?\n");
}

TEST(TomlTable, RefusesNumbersThatAreNone) {
  const auto read = [](TomlTable& t) {
    for (const std::string& key : t.keys()) EXPECT_FALSE(t.number(key, {0, 1})) << key;
  };
  EXPECT_EQ(diagnose("a = nan\nb = inf\nc = -0.1\nd = 2\n", read),
            "1:5: a = nan is not a finite number\n"
            "2:5: b = inf is not a finite number\n"
            "3:5: c = -0.1 is outside 0 to 1\n"
            "4:5: d = 2 is outside 0 to 1\n");
}

TEST(TomlTable, LocatesTheElementOfAnArray) {
  EXPECT_EQ(diagnose("a = [1, 99]\nb = [\"x\", 1]\nc = [{}, 1]\n",
                     [](TomlTable& t) {
                       EXPECT_FALSE(t.integers("a", {1, 9}));
                       EXPECT_FALSE(t.texts("b"));
                       EXPECT_EQ(t.tables("c").size(), 1U);
                     }),
            "1:9: a must hold integers from 1 to 9\n"
            "2:11: b must hold texts\n"
            "3:10: c must hold tables\n");
}

TEST(TomlTable, AWordOutsideTheChoicesGetsASuggestion) {
  EXPECT_EQ(diagnose("schedule = \"dualpip\"\n",
                     [](TomlTable& t) {
                       EXPECT_FALSE(t.choice("schedule", {"1f1b", "dualpipe"}));
                     }),
            "1:12: unknown schedule 'dualpip' -> did you mean 'dualpipe'?\n");
}

TEST(TomlTable, RequireIsSilentWhereTheKeyIsThere) {
  EXPECT_EQ(diagnose("a = \"wrong\"\n", [](TomlTable& t) { t.require("a", "1"); }), "");
}

}  // namespace
}  // namespace fleetwright
