#include "models/core/toml_print.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>

namespace fleetwright {
namespace {

std::string printed(std::string_view text) { return print_toml(parse_toml(text, "x.toml")); }

TEST(PrintToml, GivesDocumentsThatMeanTheSameOneForm) {
  const std::string expected =
      "a = 1000\nb = { c = [1, 2.0, \"x\"], d = true }\ne = \"l\\u000am\"\n";
  EXPECT_EQ(printed("# note\ne = \"l\\nm\"\na = 1_000\n[b]\nd = true\nc = [1, 2.0, 'x']\n"),
            expected);
  EXPECT_EQ(printed("a=1000\ne='''l\nm'''\nb.c = [ 1, 2e0, \"x\" ]\nb.d = true"), expected);
}

TEST(PrintToml, KeepsIntegersAndNumbersApart) {
  EXPECT_EQ(printed("a = 1"), "a = 1\n");
  EXPECT_EQ(printed("a = 1.0"), "a = 1.0\n");
  EXPECT_EQ(printed("a = 1e300"), "a = 1e+300\n");
}

TEST(PrintToml, QuotesKeysThatAreNotBare) {
  EXPECT_EQ(printed("\"a b\" = 1\n\"\" = 2\n"), "\"\" = 2\n\"a b\" = 1\n");
}

rc::Gen<std::string> any_text() {
  return rc::gen::container<std::string>(rc::gen::oneOf(
      rc::gen::inRange<char>(1, 127), rc::gen::element('"', '\\', '\n', '#', '=', '[')));
}

TomlValue any_value(int depth) {
  const int kind = *rc::gen::inRange(0, depth > 0 ? 6 : 4);
  TomlValue value;
  if (kind == 0) value.data = *rc::gen::arbitrary<bool>();
  if (kind == 1) value.data = *rc::gen::arbitrary<std::int64_t>();
  if (kind == 2) {
    value.data = std::ldexp(static_cast<double>(*rc::gen::arbitrary<std::int64_t>()),
                            *rc::gen::inRange(-900, 900));
  }
  if (kind == 3) value.data = *any_text();
  const int inner = *rc::gen::inRange(0, 4);
  if (kind == 4) {
    TomlArray items;
    for (int i = 0; i < inner; ++i) items.push_back(any_value(depth - 1));
    value.data = std::move(items);
  }
  if (kind == 5) {
    TomlMap map;
    for (int i = 0; i < inner; ++i) {
      const std::string key = *any_text();
      if (map.find(key) == nullptr) map.entries.push_back({key, {}, any_value(depth - 1)});
    }
    value.data = std::move(map);
  }
  return value;
}

RC_GTEST_PROP(PrintToml, ReadsBackAsWhatWasPrinted, ()) {
  TomlMap document;
  const int keys = *rc::gen::inRange(0, 5);
  for (int i = 0; i < keys; ++i) {
    const std::string key = *any_text();
    if (document.find(key) == nullptr) document.entries.push_back({key, {}, any_value(3)});
  }
  const std::string text = print_toml(document);
  RC_ASSERT(print_toml(parse_toml(text, "x.toml")) == text);
  // The values too, not only their print: a number that printed short would print the same again.
  for (const TomlEntry& e : document.entries) {
    if (const auto* d = std::get_if<double>(&e.value.data)) {
      RC_ASSERT(std::get<double>(parse_toml(text, "x.toml").find(e.key)->value.data) == *d);
    }
  }
}

}  // namespace
}  // namespace fleetwright
