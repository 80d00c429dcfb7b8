#include <fmt/format.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <fstream>

#include "planner/output/report_json.hpp"
#include "planner/report.hpp"
#include "tests/planner/scenario_text.hpp"

// Did any prediction change? The analytic engine's report of every scenario, to six digits.
// FLEETWRIGHT_UPDATE_GOLDEN=1 rewrites the files, and the tests still fail once.
namespace fleetwright::testing {
namespace {

using Json = nlohmann::ordered_json;

std::vector<std::string> scenario_names() {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator("scenarios")) {
    if (entry.path().extension() == ".toml") names.push_back(entry.path().stem().string());
  }
  std::ranges::sort(names);
  return names;
}

// Twelve digits differ between compilers, six do not.
void round_numbers(Json& json) {
  if (json.is_structured()) {
    for (auto& item : json) round_numbers(item);
  } else if (json.is_number()) {
    const double rounded = std::stod(fmt::format("{:.6g}", json.get<double>()));
    // Whole numbers look alike, whether they were computed or counted.
    json =
        rounded == std::floor(rounded) ? Json(static_cast<std::int64_t>(rounded)) : Json(rounded);
  }
}

std::string golden_text(const std::string& name) {
  const Scenario scenario = read_scenario("scenarios/" + name + ".toml", {"engine=\"analytic\""});
  Json json = Json::parse(report_json(make_report(scenario, AnalyticEstimator())));
  round_numbers(json);
  return json.dump(2) + "\n";
}

class Golden : public ::testing::TestWithParam<std::string> {};

TEST_P(Golden, ReportIsWhatItWas) {
  const std::filesystem::path file = "tests/golden/" + GetParam() + ".json";
  const std::string now = golden_text(GetParam());
  const std::string before = read_text(file);
  if (now == before) return;
  if (const char* update = std::getenv("FLEETWRIGHT_UPDATE_GOLDEN");
      update != nullptr && std::string_view(update) == "1") {
    std::ofstream(file, std::ios::binary) << now;
    FAIL() << file << " is rewritten: look at the difference, then run the test again";
  }
  EXPECT_EQ(now, before) << "rewrite it with FLEETWRIGHT_UPDATE_GOLDEN=1 if the change is meant";
}

std::string test_name(const ::testing::TestParamInfo<std::string>& info) {
  std::string name = info.param;
  std::ranges::replace_if(
      name, [](char c) { return std::isalnum(c) == 0; }, '_');
  return name;
}

INSTANTIATE_TEST_SUITE_P(Scenarios, Golden, ::testing::ValuesIn(scenario_names()), test_name);

TEST(GoldenFiles, BelongToScenarios) {
  for (const auto& entry : std::filesystem::directory_iterator("tests/golden")) {
    if (entry.path().extension() != ".json") continue;
    EXPECT_TRUE(std::filesystem::exists("scenarios/" + entry.path().stem().string() + ".toml"))
        << entry.path();
  }
}

}  // namespace
}  // namespace fleetwright::testing
