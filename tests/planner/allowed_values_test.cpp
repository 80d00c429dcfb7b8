#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <optional>
#include <set>

#include "models/core/diagnostics.hpp"
#include "planner/described_setting.hpp"
#include "planner/output/settings_json.hpp"

// What `show` says that a setting may be is what the reader takes, for all shipped scenarios.
namespace fleetwright::testing {
namespace {

using ::testing::HasSubstr;
using Type = AllowedValues::Type;

std::vector<std::filesystem::path> shipped() {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator("scenarios")) {
    if (entry.path().extension() == ".toml") files.push_back(entry.path());
  }
  std::ranges::sort(files);
  return files;
}

std::optional<double> number_in(const std::string& value) {
  double number = 0;
  const char* end = value.data() + value.size();
  const auto [rest, status] = std::from_chars(value.data(), end, number);
  return status == std::errc{} && rest == end ? std::optional(number) : std::nullopt;
}

// All that is wrong with a scenario with that change.
std::string complaints(const std::filesystem::path& file, const std::string& change) {
  try {
    static_cast<void>(read_settings(file, {change}));
  } catch (const ScenarioError& e) {
    std::string all;
    for (const Diagnostic& d : e.diagnostics()) all += d.message + "; " + d.suggestion + "\n";
    return all;
  }
  return "";
}

// `--set` reaches keys of tables, not of arrays of tables.
bool can_be_set(const Setting& s) { return s.path.find('[') == std::string::npos; }

TEST(AllowedValues, HoldWhatTheScenariosSay) {
  std::size_t numbers = 0;
  std::size_t choices = 0;
  for (const auto& file : shipped()) {
    for (const auto& [s, allowed] : read_settings(file)) {
      const std::string what = file.string() + ": " + s.path;
      if (const auto number = number_in(s.value)) {
        ++numbers;
        ASSERT_TRUE(allowed.type == Type::integer || allowed.type == Type::number) << what;
        EXPECT_GE(*number, allowed.minimum.value()) << what;
        EXPECT_LE(*number, allowed.maximum.value()) << what;
      }
      if (s.value == "true" || s.value == "false") {
        EXPECT_EQ(allowed.type, Type::boolean) << what;
      }
      if (s.value.starts_with('[')) {
        EXPECT_EQ(allowed.type, Type::list) << what;
      }
      if (allowed.type == Type::quantity) {
        EXPECT_NE(allowed.example, "") << what;
      }
      if (allowed.type != Type::choice || s.value == "\"\"") continue;
      ++choices;
      const std::string name = s.value.substr(1, s.value.size() - 2);
      EXPECT_NE(std::ranges::find(allowed.choices, name), allowed.choices.end()) << what;
    }
  }
  EXPECT_GT(numbers, 300U);
  EXPECT_GT(choices, 100U);
}

TEST(AllowedValues, AreRefusedJustBeyondTheirLimits) {
  std::set<std::string> tried;
  for (const auto& file : shipped()) {
    for (const auto& [s, allowed] : read_settings(file)) {
      if (!can_be_set(s) || !allowed.maximum || allowed.type == Type::list) continue;
      if (!tried.insert(s.path).second) continue;
      const bool whole = allowed.type == Type::integer;
      const auto written = [&](double value) {
        return whole ? fmt::format("{}={:.0f}", s.path, value)
                     : fmt::format("{}={}", s.path, value);
      };
      const double low = *allowed.minimum;
      const double high = *allowed.maximum;
      const double over = whole ? 1.0 : std::max(1.0, high) * 1e-3;
      const std::string limits = whole ? fmt::format("is outside {:.0f} to {:.0f}", low, high)
                                       : fmt::format("is outside {} to {}", low, high);
      EXPECT_THAT(complaints(file, written(high + over)), HasSubstr(limits)) << s.path;
      EXPECT_THAT(complaints(file, written(low - over)), HasSubstr(limits)) << s.path;
      for (const double end : {low, high}) {
        EXPECT_THAT(complaints(file, written(end)), ::testing::Not(HasSubstr("is outside")))
            << s.path;
      }
    }
  }
  EXPECT_GT(tried.size(), 25U);
}

TEST(AllowedValues, AreRefusedWhereTheyAreNoneOfTheNames) {
  std::set<std::string> tried;
  for (const auto& file : shipped()) {
    for (const auto& [s, allowed] : read_settings(file)) {
      if (!can_be_set(s) || allowed.type != Type::choice) continue;
      if (!tried.insert(s.path).second) continue;
      EXPECT_THAT(complaints(file, s.path + "=\"no-such-name\""), HasSubstr("unknown")) << s.path;
    }
  }
  EXPECT_GT(tried.size(), 8U);
}

TEST(AllowedValues, TellTheUnitOfQuantities) {
  for (const auto& [s, allowed] : read_settings("scenarios/deepseek-v3.toml")) {
    if (!can_be_set(s) || allowed.type != Type::quantity) continue;
    EXPECT_EQ(allowed.more_than, 0.0);
    EXPECT_THAT(complaints("scenarios/deepseek-v3.toml", s.path + "=7"),
                HasSubstr(allowed.example));
    EXPECT_THAT(
        complaints("scenarios/deepseek-v3.toml", fmt::format("{}=\"{}\"", s.path, allowed.example)),
        ::testing::Not(HasSubstr(s.path)));
  }
}

TEST(AllowedValues, StandBesideTheirSettingInJson) {
  AllowedValues degree;
  degree.type = Type::integer;
  degree.minimum = 1;
  degree.maximum = 65'536;
  AllowedValues share;
  share.type = Type::number;
  share.minimum = 0.25;
  share.maximum = 1e30;
  EXPECT_EQ(settings_json({{{"strategy.tp", "8", "scenario"}, degree},
                           {{"a", "0.5", "somewhere"}, share},
                           {{"b", "\"x\"", "--set"}, {}}}),
            R"([
  {
    "setting": "strategy.tp",
    "value": "8",
    "origin": "scenario",
    "type": "integer",
    "minimum": 1,
    "maximum": 65536
  },
  {
    "setting": "a",
    "value": "0.5",
    "origin": "somewhere",
    "type": "number",
    "minimum": 0.25,
    "maximum": 1e+30
  },
  {
    "setting": "b",
    "value": "\"x\"",
    "origin": "--set",
    "type": "text"
  }
]
)");
}

}  // namespace
}  // namespace fleetwright::testing
