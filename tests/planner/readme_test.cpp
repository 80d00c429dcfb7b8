#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <regex>

#include "planner/catalogue.hpp"
#include "tests/planner/run_program.hpp"
#include "tests/planner/scenario_text.hpp"

// Does the README show what the program says?
namespace fleetwright::testing {
namespace {

using ::testing::HasSubstr;
using Json = nlohmann::json;

std::string readme() { return read_text("README.md"); }

// Its sentences, wherever its lines break.
std::string readme_in_one_line() { return std::regex_replace(readme(), std::regex("\\s+"), " "); }

TEST(Readme, ShowsTheAnswerOfDeepSeekV3) {
  const Outcome o = run("estimate scenarios/deepseek-v3.toml --quiet");
  ASSERT_EQ(o.code, 0) << o.err;
  EXPECT_THAT(readme(), HasSubstr(o.out));
}

TEST(Readme, SaysHowFarTheBusiestRankOfDeepSeekV3IsOff) {
  const Outcome o = run("estimate scenarios/deepseek-v3.toml --quiet --format json");
  ASSERT_EQ(o.code, 0) << o.err;
  const Json json = Json::parse(o.out);
  const auto published = [&](const std::string& quantity) {
    for (const Json& claim : json["claims"]) {
      if (claim["quantity"] == quantity) return claim["published"].get<double>();
    }
    return 0.0;
  };
  const auto percent = [&](const std::string& part) {
    return 100 * (json["step"]["critical_rank_parts_s"][part].get<double>() /
                      published("step.parts_s." + part) -
                  1);
  };
  EXPECT_THAT(
      readme_in_one_line(),
      HasSubstr(fmt::format("the bubble is {:.0f} % short and weight gradients are {:.0f} % long",
                            -percent("bubble"), percent("weight_gradient"))));
  const double step = json["step"]["time_s"].get<double>();
  EXPECT_THAT(readme_in_one_line(),
              HasSubstr(fmt::format("Why it is {:.1f} % short",
                                    100 * (1 - step / published("step.time_s")))));
}

TEST(Readme, SaysByWhatKernelsOfTheChipAreSlowed) {
  const double slowdown = catalogue().accelerators.at("H800-SXM").in_step_slowdown.value().value;
  EXPECT_THAT(readme(), HasSubstr(fmt::format("in a step | {:g} x |", slowdown)));
  EXPECT_THAT(readme(), HasSubstr(fmt::format("the factor of {:g} is", slowdown)));
}

TEST(Readme, ShowsTheClaimsBesideTheMoney) {
  const Outcome o = run("cost scenarios/deepseek-fleet-50k.toml");
  ASSERT_EQ(o.code, 0) << o.err;
  const std::size_t begin = o.out.find("What was published\n");
  const std::size_t end = o.out.find("  DeepSeek-V3 for $5.576 M: ", begin);  // explanations
  ASSERT_NE(end, std::string::npos);
  EXPECT_THAT(readme(), HasSubstr(o.out.substr(begin, end - begin)));
}

TEST(Readme, ShowsAMistakeAsItIsShown) {
  const TemporaryFolder folder;
  const std::string file = folder.write(
      "wrong.toml", edited(read_text("scenarios/deepseek-v3.toml"), {{"dp = 128", "dp = 64"}}));
  const Outcome o = run("show " + file);
  ASSERT_EQ(o.code, 2);
  EXPECT_THAT(readme(), HasSubstr(o.err.substr(o.err.find(".toml:"))));
}

}  // namespace
}  // namespace fleetwright::testing
