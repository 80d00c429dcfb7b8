#include "models/core/toml_document.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <filesystem>
#include <fstream>

#include "models/core/error.hpp"

namespace fleetwright {
namespace {

TomlMap parse(std::string_view text) { return parse_toml(text, "s.toml"); }

std::string refusal_of(std::string_view text) {
  try {
    static_cast<void>(parse(text));
  } catch (const ScenarioError& e) {
    return e.what();
  }
  return "no error";
}

const TomlValue* at(const TomlMap& map, std::string_view key) {
  const TomlEntry* entry = map.find(key);
  return entry == nullptr ? nullptr : &entry->value;
}

TEST(TomlDocument, KeepsOrderTypesAndPlaces) {
  const TomlMap map = parse("z = 1\na = \"x\"\n[table]\nf = 1.5\nb = true\nlist = [1, 2]\n");
  ASSERT_EQ(map.entries.size(), 3U);
  EXPECT_EQ(map.entries[0].key, "z") << "the order of the file, not of the alphabet";
  EXPECT_EQ(map.entries[1].key, "a");
  EXPECT_EQ(std::get<std::int64_t>(at(map, "z")->data), 1);
  EXPECT_EQ(std::get<std::string>(at(map, "a")->data), "x");
  EXPECT_EQ(at(map, "a")->where, (SourceLocation{"s.toml", 2, 5}));
  const auto& table = std::get<TomlMap>(at(map, "table")->data);
  EXPECT_EQ(std::get<double>(at(table, "f")->data), 1.5);
  EXPECT_TRUE(std::get<bool>(at(table, "b")->data));
  EXPECT_EQ(table.find("b")->where, (SourceLocation{"s.toml", 5, 1}));
  const auto& list = std::get<TomlArray>(at(table, "list")->data);
  EXPECT_EQ(list[1].where, (SourceLocation{"s.toml", 6, 12}));
}

TEST(TomlDocument, KeepsDatesAndTimesAsText) {
  const TomlMap map = parse("d = 2024-12-26\nt = 07:32:00\ndt = 2024-12-26T07:32:00Z\n");
  EXPECT_EQ(std::get<std::string>(at(map, "d")->data), "2024-12-26");
  EXPECT_EQ(std::get<std::string>(at(map, "t")->data), "07:32:00");
  EXPECT_EQ(std::get<std::string>(at(map, "dt")->data), "2024-12-26T07:32:00Z");
}

TEST(TomlDocument, LocatesSyntaxErrorsAndDuplicates) {
  const std::string twice = refusal_of("a = 1\na = 2\n");
  EXPECT_EQ(twice.substr(0, 33), "s.toml:2:5: error: malformed TOML");
  EXPECT_NE(twice.find("'a'"), std::string::npos) << twice;
  EXPECT_EQ(refusal_of("a = \n").substr(0, 33), "s.toml:1:5: error: malformed TOML");
  EXPECT_EQ(refusal_of("[t]\nx = 1\n[t]\ny = 2\n").substr(0, 10), "s.toml:3:1");
  EXPECT_EQ(refusal_of("[$a]").substr(0, 33), "s.toml:1:2: error: malformed TOML");
  EXPECT_EQ(refusal_of(""), "no error");
}

TEST(TomlDocument, AnUnreadableFileIsTheEnvironmentsFault) {
  EXPECT_THROW(static_cast<void>(parse_toml_file("/no/such/file.toml")), Error);
  EXPECT_THROW(static_cast<void>(parse_toml_file("/")), Error);
}

TEST(TomlDocument, AnEmptyFileIsAnEmptyDocument) {
  const auto file = std::filesystem::temp_directory_path() / "fleetwright-test-empty.toml";
  std::ofstream(file).close();
  EXPECT_TRUE(parse_toml_file(file).entries.empty());
  std::filesystem::remove(file);
}

TEST(TomlOverride, ReplacesAddsAndKeepsTheRest) {
  TomlMap map = parse("[strategy]\ntp = 8\npp = 2\n");
  apply_override(map, "strategy.tp=4");
  apply_override(map, "strategy.vpp = 2");
  apply_override(map, "training.tokens=2 B tokens");
  const auto& strategy = std::get<TomlMap>(at(map, "strategy")->data);
  EXPECT_EQ(std::get<std::int64_t>(at(strategy, "tp")->data), 4);
  EXPECT_EQ(at(strategy, "tp")->where, (SourceLocation{"--set strategy.tp=4", 0, 0}));
  EXPECT_EQ(std::get<std::int64_t>(at(strategy, "pp")->data), 2);
  const auto& training = std::get<TomlMap>(at(map, "training")->data);
  EXPECT_EQ(std::get<std::string>(at(training, "tokens")->data), "2 B tokens") << "plain text";
}

TEST(TomlOverride, TakesTomlValues) {
  TomlMap map;
  apply_override(map, "a=[1, 2]");
  apply_override(map, "b=true");
  apply_override(map, "c=\"4\"");
  apply_override(map, "d=");
  apply_override(map, "e=1\nf = 2");
  const auto& list = std::get<TomlArray>(at(map, "a")->data);
  EXPECT_EQ(list[1].where, (SourceLocation{"--set a=[1, 2]", 0, 0})) << "elements too";
  EXPECT_TRUE(std::get<bool>(at(map, "b")->data));
  EXPECT_EQ(std::get<std::string>(at(map, "c")->data), "4");
  EXPECT_EQ(std::get<std::string>(at(map, "d")->data), "");
  EXPECT_EQ(std::get<std::string>(at(map, "e")->data), "1\nf = 2") << "no second key slips in";
}

TEST(TomlOverride, RefusesMalformedAssignments) {
  TomlMap map = parse("name = \"x\"\n");
  const auto refusal = [&](std::string_view assignment) -> std::string {
    try {
      apply_override(map, assignment);
    } catch (const ScenarioError& e) {
      return e.what();
    }
    return "no error";
  };
  for (const char* text : {"strategy.tp", "=4", ".tp=4", "strategy.=4", "strategy..tp=4", ""}) {
    EXPECT_EQ(refusal(text),
              "--set " + std::string(text) + ": error: an override is written key.path=value");
  }
  EXPECT_EQ(refusal("name.part=4"), "--set name.part=4: error: 'name' of 'name.part' is no table");
}

RC_GTEST_PROP(TomlDocument, AnyTextIsReadOrRefused, (const std::string& text)) {
  RC_ASSERT(!refusal_of(text).empty());
  TomlMap map;
  try {
    apply_override(map, "key=" + text);
    RC_ASSERT(map.entries.size() == 1U);
  } catch (const ScenarioError&) {
  }
}

}  // namespace
}  // namespace fleetwright
