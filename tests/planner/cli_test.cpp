#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <sstream>

#include "tests/planner/run_program.hpp"
#include "tests/planner/scenario_text.hpp"

// What the program promises a script: exit codes, documents, files.
namespace fleetwright::testing {
namespace {

using ::testing::HasSubstr;
using Json = nlohmann::ordered_json;

class CommandLine : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(std::filesystem::exists(program())) << program() << " is not built";
    small_ = folder_.write("small.toml", small_scenario);
    large_ = folder_.write("large.toml", dense_scenario);
    wrong_ = folder_.write("wrong.toml", edited(small_scenario, {{"tp = 2", "tp = 2\ndp = 3"}}));
  }

  static std::string analytic(const std::string& rest) {
    return "estimate --engine analytic " + rest;
  }

  TemporaryFolder folder_;
  std::string small_;
  std::string large_;
  std::string wrong_;
};

TEST_F(CommandLine, EndsWith0AndOneJsonDocument) {
  const Outcome o = run(analytic("--format json " + small_));
  EXPECT_EQ(o.code, 0) << o.err;
  EXPECT_EQ(o.err, "");
  const Json json = Json::parse(o.out);
  EXPECT_EQ(json["schema"], "fleetwright.report/1");
  EXPECT_EQ(json["step"]["engine"], "analytic");
  for (const char* key : {"scenario", "model", "cluster", "strategy", "memory", "step", "run",
                          "cost", "energy", "provenance"}) {
    EXPECT_TRUE(json.contains(key)) << key;
  }
}

TEST_F(CommandLine, SaysThatIslandsAreLeftOut) {
  const std::string scenario = "scenarios/deepseek-fleet-13k.toml";
  EXPECT_THAT(run(analytic(scenario)).err, HasSubstr("of [cluster] alone (3000 H800-SXM)"));
  EXPECT_EQ(run(analytic("--quiet " + scenario)).err, "");
}

TEST_F(CommandLine, PrintsAnArrayForSeveralScenarios) {
  const Outcome o = run(analytic("--format json " + small_ + " " + small_));
  EXPECT_EQ(o.code, 0) << o.err;
  EXPECT_EQ(Json::parse(o.out).size(), 2U);
}

TEST_F(CommandLine, GivesTheSameBytesForTheSameInput) {
  for (const char* format : {"table", "json", "csv", "md", "html"}) {
    const std::string command = analytic(std::string("--format ") + format + " " + small_);
    const Outcome first = run(command);
    EXPECT_EQ(first.code, 0) << first.err;
    EXPECT_FALSE(first.out.empty());
    EXPECT_EQ(first.out, run(command).out) << format;
  }
}

TEST_F(CommandLine, KeepsTablesWithinAHundredColumns) {
  const Outcome o = run(analytic("scenarios/deepseek-v3.toml"));
  ASSERT_EQ(o.code, 0) << o.err;
  std::istringstream lines(o.out);
  for (std::string line; std::getline(lines, line);) EXPECT_LE(line.size(), 100U) << line;
}

TEST_F(CommandLine, SetsKeysOverTheScenario) {
  const Outcome o = run(analytic("--format json --set strategy.tp=4 --set name=other " + small_));
  ASSERT_EQ(o.code, 0) << o.err;
  const Json json = Json::parse(o.out);
  EXPECT_EQ(json["strategy"]["tp"], 4);
  EXPECT_EQ(json["strategy"]["dp"], 2);
  EXPECT_EQ(json["scenario"]["name"], "other");
}

TEST_F(CommandLine, EndsWith1WhenTheEnvironmentFails) {
  const Outcome missing = run("estimate no/such/file.toml");
  EXPECT_EQ(missing.code, 1);
  EXPECT_EQ(missing.err, "fleetwright: cannot read 'no/such/file.toml'\n");
  const Outcome unwritable = run(analytic(small_ + " --output /no/such/folder/report"));
  EXPECT_EQ(unwritable.code, 1);
  EXPECT_THAT(unwritable.err, HasSubstr("cannot write '/no/such/folder/report'"));
  EXPECT_EQ(run(analytic(small_ + " >/dev/full")).code, 1);
}

TEST_F(CommandLine, EndsWith2WhenTheInputIsWrong) {
  const Outcome o = run("estimate " + wrong_);
  EXPECT_EQ(o.code, 2);
  EXPECT_EQ(o.out, "");
  EXPECT_THAT(o.err, HasSubstr("wrong.toml:10:6: error: tp x pp x cp x dp = 2 x 1 x 1 x 3 = 6"));
  EXPECT_EQ(run("estimate --set strategy.pp " + small_).code, 2);
}

TEST_F(CommandLine, EndsWith2WhenItIsCalledWrongly) {
  for (const char* arguments :
       {"", "estimat", "estimate", "estimate x.toml --engine fast", "list planets",
        "estimate x.toml --format pdf", "show a.toml b.toml", "estimate x.toml --unknown"}) {
    const Outcome o = run(arguments);
    EXPECT_EQ(o.code, 2) << arguments;
    EXPECT_THAT(o.err, ::testing::StartsWith("fleetwright: ")) << arguments;
    EXPECT_EQ(o.out, "") << arguments;
  }
}

TEST_F(CommandLine, EndsWith3WhenNothingFits) {
  const Outcome o = run(analytic(large_));
  EXPECT_EQ(o.code, 3);
  EXPECT_EQ(o.out, "");
  EXPECT_THAT(o.err, HasSubstr("fleetwright: out of memory: pipeline rank"));
}

TEST_F(CommandLine, WritesAFileWholeOrNotAtAll) {
  const auto file = folder_.path() / "report.json";
  const Outcome o = run(analytic("--format json --output " + file.string() + " " + small_));
  EXPECT_EQ(o.code, 0) << o.err;
  EXPECT_EQ(o.out, "");
  EXPECT_EQ(Json::parse(read_text(file))["scenario"]["name"], "small");
  const std::string before = read_text(file);
  EXPECT_EQ(run(analytic("--output " + file.string() + " " + large_)).code, 3);
  EXPECT_EQ(read_text(file), before);
  for (const auto& entry : std::filesystem::directory_iterator(folder_.path())) {
    EXPECT_NE(entry.path().extension(), ".tmp") << entry.path();
  }
}

TEST_F(CommandLine, ShowsAScenarioThatReadsTheSame) {
  for (const char* scenario : {"scenarios/deepseek-v3.toml", "scenarios/llama-3.1-405b.toml",
                               "scenarios/deepseek-fleet-50k.toml", "scenarios/deepseek-r1.toml",
                               "scenarios/deepseek-serving.toml"}) {
    const Outcome shown = run("show " + std::string(scenario));
    ASSERT_EQ(shown.code, 0) << shown.err;
    EXPECT_THAT(shown.out, HasSubstr("# reference design of H")) << "defaults have an origin";
    const std::string again = folder_.write("again.toml", shown.out);
    const auto settings = [](const Outcome& o) {
      Json json = Json::parse(o.out);
      for (auto& row : json) row.erase("origin");
      return json;
    };
    EXPECT_EQ(settings(run("show --format json " + again)),
              settings(run("show --format json " + std::string(scenario))));
  }
}

TEST_F(CommandLine, ValidatesCasesAndDrawsThem) {
  const std::string plot = (folder_.path() / "plot.svg").string();
  const Outcome o =
      run("validate tests/validation/data/published_steps.csv --format json --filter "
          "torchtitan --plot " +
          plot);
  ASSERT_EQ(o.code, 0) << o.err;
  EXPECT_EQ(o.err, "") << "progress is for terminals";
  const Json json = Json::parse(o.out);
  EXPECT_EQ(json["schema"], "fleetwright.validation/1");
  const std::size_t count = json["cases"].size();
  EXPECT_GE(count, 2U);
  EXPECT_EQ(json["summary"]["all"]["count"], count);
  for (const char* group : {"core", "families"}) {
    for (const char* key : {"mean_abs_error", "median_abs_error", "p90_abs_error", "max_abs_error",
                            "count", "not_simulated"}) {
      EXPECT_TRUE(json["summary"][group].contains(key)) << group << "." << key;
    }
  }
  const Json& first = json["cases"][0];
  const double predicted = first["predicted_step_time_s"];
  const double measured = first["measured_step_time_s"];
  EXPECT_NEAR(first["error"], predicted / measured - 1, 1e-9);
  EXPECT_THAT(read_text(plot), HasSubstr("<svg"));
}

TEST_F(CommandLine, ValidationShowsABadRowAndPredictsTheOthers) {
  std::string text = read_text("tests/validation/data/published_steps.csv");
  const auto at = text.find("H100-SXM");
  text.insert(text.find('\n', text.find("\nid,") + 1) + 1, "broken row,1\n");
  ASSERT_NE(at, std::string::npos);
  const std::string cases = folder_.write("cases.csv", text);
  const Outcome o = run("validate --format csv " + cases);
  EXPECT_EQ(o.code, 2);
  EXPECT_THAT(o.err, HasSubstr("cases.csv:3:1: error: the row has 2 cells, the header has 46"));
  EXPECT_THAT(o.out, HasSubstr("torchtitan-8b-8-compile-fp8"));
}

TEST_F(CommandLine, SimulatesAllGpusAtEachGranularity) {
  for (const char* granularity : {"analytic", "coflow", "node", "gpu"}) {
    const Outcome o = run("simulate '" + small_ +
                          "' --unfolded --steps 2 --format json --granularity " + granularity);
    ASSERT_EQ(o.code, 0) << o.err;
    const Json json = Json::parse(o.out);
    EXPECT_EQ(json["simulation"]["granularity"], granularity);
    EXPECT_EQ(json["simulation"]["steps"]["times_s"].size(), 2U);
    EXPECT_GT(json["step"]["time_s"], 0.0);
  }
}

TEST_F(CommandLine, SimulatesTheSameBytesForTheSameSeed) {
  const std::string noisy = "simulate '" + small_ +
                            "' --steps 3 --format json --set variation.kernel_jitter=0.05 --set "
                            "'variation.source=\"a test\"' --set seed=";
  const Outcome first = run(noisy + "7");
  ASSERT_EQ(first.code, 0) << first.err;
  EXPECT_EQ(run(noisy + "7").out, first.out);
  EXPECT_NE(run(noisy + "8").out, first.out);
}

/// Sends Ctrl-C after a second.
const std::string interrupted = "timeout --preserve-status --signal=INT --kill-after=30 1 ";

TEST_F(CommandLine, PrintsTheStepsThatWereDoneWhenInterrupted) {
  const Outcome o = run("simulate '" + small_ + "' --steps 100000 --format json", interrupted);
  EXPECT_EQ(o.code, 130);
  EXPECT_THAT(o.err, HasSubstr("interrupted"));
  if (o.out.empty()) GTEST_SKIP() << "a machine that is too slow to do a step in a second";
  const Json json = Json::parse(o.out);
  const std::size_t done = json["simulation"]["steps"]["count"];
  EXPECT_GT(done, 0U);
  EXPECT_LT(done, 100000U);
  EXPECT_EQ(json["simulation"]["steps"]["times_s"].size(), done);
  EXPECT_THAT(json["simulation"]["notes"].dump(), HasSubstr("of 100000 steps"));
}

TEST_F(CommandLine, PrintsTheScenariosThatWereAnsweredWhenInterrupted) {
  std::string many;
  for (int i = 0; i < 10; ++i) many += " '" + small_ + "'";
  for (int i = 0; i < 200; ++i) many += " scenarios/deepseek-v3.toml";  // far more than a second
  const Outcome o = run("estimate" + many + " --format json", interrupted);
  EXPECT_EQ(o.code, 130);
  if (o.out.empty()) GTEST_SKIP() << "a machine that is too slow to answer one in a second";
  const Json json = Json::parse(o.out);
  if (json.is_array()) {
    EXPECT_LT(json.size(), 210U);
  }
}

TEST_F(CommandLine, EndsWithNothingWhenInterruptedBeforeTheFirstStep) {
  const Outcome o =
      run("simulate scenarios/deepseek-v3.toml --unfolded --granularity gpu --format json",
          interrupted);
  EXPECT_EQ(o.code, 130);
  EXPECT_EQ(o.out, "");
}

TEST_F(CommandLine, ShowsNoProgressInAFile) {
  const Outcome o = run("simulate '" + small_ + "' --steps 200 --format json");
  EXPECT_EQ(o.code, 0);
  EXPECT_EQ(o.err, "");
}

TEST_F(CommandLine, RefusesAColumnThatIsNotThere) {
  const Outcome o = run("simulate '" + small_ + "' --column 99");
  EXPECT_EQ(o.code, 1);
  EXPECT_THAT(o.err, HasSubstr("there is no column 99"));
}

TEST_F(CommandLine, ListsWhatIsKnown) {
  for (const char* what : {"accelerators", "models", "schedules", "topologies", "links", "software",
                           "precisions", "rules"}) {
    const Outcome o = run("list --format json " + std::string(what));
    EXPECT_EQ(o.code, 0) << what << o.err;
    EXPECT_GE(Json::parse(o.out).size(), 3U) << what;
  }
  EXPECT_THAT(run("list accelerators").out, HasSubstr("H800-SXM"));
  EXPECT_THAT(run("list prices").out, HasSubstr("rent.H800-SXM"));
}

TEST_F(CommandLine, CountsTheMoney) {
  const std::string scenario = "cost scenarios/deepseek-fleet-50k.toml --engine analytic";
  for (const char* format : {"table", "csv", "md", "html", "json"}) {
    const Outcome o = run(scenario + " --format " + format);
    ASSERT_EQ(o.code, 0) << o.err;
    EXPECT_EQ(o.err, "");
    EXPECT_THAT(o.out, HasSubstr("servers, H20-96")) << format;
    EXPECT_EQ(o.out, run(scenario + " --format " + format).out) << format;
  }
  const Json json = Json::parse(run(scenario + " --format json").out);
  EXPECT_EQ(json["schema"], "fleetwright.cost/1");
  EXPECT_EQ(json["scopes"].size(), 4U);
  std::istringstream lines(run(scenario).out);
  for (std::string line; std::getline(lines, line);) EXPECT_LE(line.size(), 130U) << line;
  const Outcome small = run("cost --format json " + small_);
  EXPECT_EQ(small.code, 0) << small.err;
  EXPECT_TRUE(Json::parse(small.out)["scopes"][1]["total_usd"].is_null());
}

TEST_F(CommandLine, ChecksWhatMayBeSold) {
  const Outcome o = run("export-check H20-96 H100-SXM --date 2024-06-01 --format json");
  ASSERT_EQ(o.code, 0) << o.err;
  const Json json = Json::parse(o.out);
  EXPECT_EQ(json["schema"], "fleetwright.export-check/1");
  EXPECT_EQ(json["parts"][0]["verdict"], "free");
  EXPECT_EQ(json["parts"][1]["verdict"], "denial");
  EXPECT_EQ(json["parts"][1]["clause"], "3A090.a");
  for (const char* format : {"table", "csv", "md", "html"}) {
    const Outcome all = run(std::string("export-check --format ") + format);
    EXPECT_EQ(all.code, 0) << all.err;
    EXPECT_THAT(all.out, HasSubstr("MI325X")) << format;
  }
  const Outcome wrong = run("export-check H20-69");
  EXPECT_EQ(wrong.code, 2);
  EXPECT_THAT(wrong.err, HasSubstr("did you mean 'H20-96'?"));
  EXPECT_EQ(run("export-check --date yesterday").code, 2);
  EXPECT_EQ(run("export-check --destination China").code, 2);
}

TEST_F(CommandLine, ListsWhatEachScheduleKeeps) {
  const Json schedules = Json::parse(run("list schedules --format json").out);
  const auto row = [&](std::string_view name) {
    return *std::ranges::find_if(schedules, [&](const Json& s) { return s["name"] == name; });
  };
  EXPECT_EQ(row("interleaved")["activations at pp 8"], "11.5 x");
  EXPECT_EQ(row("v-half")["activations at pp 8"], "5 x");
  EXPECT_EQ(row("dualpipe")["parameters"], "2 x");
  EXPECT_EQ(row("zb-v")["chunks"], "2");
}

TEST_F(CommandLine, WritesTheTimelineOfAStep) {
  const TemporaryFolder folder;
  const std::string file = folder.path() / "step.json";
  const Outcome o = run("estimate scenarios/deepseek-v3.toml --format json --trace '" + file + "'");
  ASSERT_EQ(o.code, 0) << o.err;
  const double step_us = Json::parse(o.out)["step"]["time_s"].get<double>() * 1e6;
  double last_end = 0;
  int forward_kernels_of_one = 0;
  double most_activations = 0;
  const Json trace = Json::parse(read_text(file));
  for (const Json& event : trace["traceEvents"]) {
    if (event["ph"] == "C" && event["pid"] == 0) {
      most_activations = std::max(most_activations, event["args"]["bytes"].get<double>());
    }
    if (event["ph"] != "X") continue;
    last_end = std::max(last_end, event["ts"].get<double>() + event["dur"].get<double>());
    forward_kernels_of_one += event["name"] == "attention F" && event["args"]["stage"] == 5 &&
                              event["args"]["micro_batch"] == 7;
  }
  EXPECT_NEAR(last_end, step_us, 0.01);
  EXPECT_GE(forward_kernels_of_one, 1);
  EXPECT_NEAR(most_activations / Json::parse(o.out)["memory"]["activations_bytes"].get<double>(), 1,
              1e-9);
}

TEST_F(CommandLine, TracesOneScenarioAtATime) {
  const Outcome o =
      run("estimate scenarios/deepseek-v3.toml scenarios/gpt3-175b-a100.toml --trace x.json");
  EXPECT_EQ(o.code, 2);
  EXPECT_THAT(o.err, HasSubstr("--trace: takes one scenario"));
}

}  // namespace
}  // namespace fleetwright::testing
