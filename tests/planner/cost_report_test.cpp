#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <cmath>
#include <filesystem>
#include <set>

#include "planner/cost/sampling.hpp"
#include "planner/output/cost_formats.hpp"
#include "planner/report.hpp"
#include "tests/planner/scenario_text.hpp"

namespace fleetwright::testing {
namespace {

using ::testing::HasSubstr;
using Json = nlohmann::ordered_json;

const std::string cost_tables = R"(
[cost]
date = "2024-12"
regions = ["US"]
samples = 20000
[price]
rent = "$2.00 / h"
source = "a test"
[power]
pue = 1.2
source = "a test"
)";

Report report_of(const std::string& more) {
  const TemporaryFolder folder;
  const auto file = folder.write("scenario.toml", std::string(small_scenario) + more);
  return make_report(read_scenario(file), AnalyticEstimator());
}

Report scenario_report(const std::string& name, const std::vector<std::string>& more = {}) {
  std::vector<std::string> settings{"engine=analytic"};
  settings.insert(settings.end(), more.begin(), more.end());
  return make_report(read_scenario("scenarios/" + name + ".toml", settings), AnalyticEstimator());
}

Json json_of(const Report& r) { return Json::parse(cost_json(r, *r.cost)); }

const CostLine& line(const CostScope& scope, std::string_view name) {
  return *std::ranges::find(scope.lines, name, &CostLine::name);
}

// ---- Every dollar has inputs and sources ----------------------------------------------------

bool has_sources(const Json& of) {
  if (!of.contains("sources") || of["sources"].empty()) return false;
  for (const auto& source : of["sources"]) {
    if (source.get<std::string>().empty()) return false;
  }
  return true;
}

bool has_inputs(const Json& of) {
  if (!of.contains("inputs") || of["inputs"].empty()) return false;
  for (const auto& input : of["inputs"]) {
    if (!has_sources(input) || !input.contains("unit")) return false;
  }
  return true;
}

/// All lines of the document that have inputs with sources: "owned: servers".
std::set<std::string> sound_lines(const Json& document) {
  std::set<std::string> names;
  for (const auto& scope : document["scopes"]) {
    for (const auto& l : scope["lines"]) {
      if (has_inputs(l)) {
        names.insert(scope["scope"].get<std::string>() + ": " + l["name"].get<std::string>());
      }
    }
  }
  return names;
}

// Lines stand there in person, or by name.
bool has_sound_lines(const Json& of, const std::set<std::string>& sound) {
  if (!of.contains("lines") || of["lines"].empty()) return false;
  for (const auto& l : of["lines"]) {
    if (l.is_string() && !sound.contains(l.get<std::string>())) return false;
    if (l.is_object() && l["amount_usd"].is_object() && !has_inputs(l)) return false;
  }
  return true;
}

void find_orphans(const Json& json, const std::string& path, const std::set<std::string>& sound,
                  std::vector<std::string>& orphans) {
  if (!json.is_structured()) return;
  for (const auto& [key, value] : json.items()) {
    const std::string here = fmt::format("{}.{}", path, key);
    if (json.is_object() && key.ends_with("_usd") && !value.is_null() && !has_inputs(json) &&
        !has_sources(json) && !has_sound_lines(json, sound)) {
      orphans.push_back(here);
    }
    find_orphans(value, here, sound, orphans);
  }
}

std::vector<std::string> orphans_of(const Json& document) {
  std::vector<std::string> orphans;
  find_orphans(document, "", sound_lines(document), orphans);
  return orphans;
}

TEST(CostJson, GivesInputsAndSourcesWithEveryDollar) {
  int counted = 0;
  for (const auto& entry : std::filesystem::directory_iterator("scenarios")) {
    if (entry.path().extension() != ".toml") continue;
    const std::string name = entry.path().stem().string();
    const Report report = scenario_report(name);
    if (!report.cost) continue;
    const Json document = json_of(report);
    EXPECT_THAT(orphans_of(document), ::testing::IsEmpty()) << name;
    EXPECT_GE(sound_lines(document).size(), 4U) << name;
    ++counted;
  }
  EXPECT_GE(counted, 9);
}

TEST(CostJson, TheWalkFindsADollarWithoutSources) {
  const Json document = json_of(scenario_report("deepseek-v3", {"cost.samples=1000"}));
  Json no_inputs = document;
  no_inputs["scopes"][1]["lines"][0]["inputs"] = Json::array();
  EXPECT_FALSE(orphans_of(no_inputs).empty());
  Json no_source = document;
  no_source["scopes"][1]["lines"][0]["inputs"][0]["sources"] = Json::array();
  EXPECT_FALSE(orphans_of(no_source).empty());
  Json unknown_line = document;
  unknown_line["waterfall"][0]["lines"][0] = "owned: nothing";
  EXPECT_FALSE(orphans_of(unknown_line).empty());
}

// ---- Sampling -------------------------------------------------------------------------------

TEST(CostSampling, HasTypicalAsMedianAndStaysWithinBounds) {
  const ValueRange r{1, 2, 5};
  EXPECT_EQ(quantile(r, 0.0), 1);
  EXPECT_EQ(quantile(r, 0.5), 2);
  EXPECT_EQ(quantile(r, 1.0), 5);
  // Half-triangles: a quarter of the way up, sqrt(1/2) of the distance from low.
  EXPECT_NEAR(quantile(r, 0.25), 1 + std::sqrt(0.5), 1e-12);
  EXPECT_NEAR(quantile(r, 0.75), 5 - 3 * std::sqrt(0.5), 1e-12);
}

CostInput input(const std::string& name, const std::string& cause, double correlation) {
  return {name, "1", {0, 1, 2}, "fixed", "", "", {"a test"}, cause, correlation};
}

TEST(CostSampling, JoinsInputsOfOneCause) {
  InputSampler sampler({input("a", "market", 0.5), input("b", "market", 0.5), input("c", "", 0)},
                       7);
  constexpr int n = 50'000;
  double ab = 0;
  double ac = 0;
  double aa = 0;
  for (int i = 0; i < n; ++i) {
    const CostSample v = sampler.next();
    ab += (v[0] - 1) * (v[1] - 1) / n;
    ac += (v[0] - 1) * (v[2] - 1) / n;
    aa += (v[0] - 1) * (v[0] - 1) / n;
  }
  EXPECT_NEAR(ab / aa, 0.5, 0.03);
  EXPECT_NEAR(ac / aa, 0.0, 0.02);
}

TEST(CostReport, GivesTheSameForTheSameSeedAndOtherwiseForAnother) {
  const Report a = report_of(cost_tables);
  const Report b = report_of(cost_tables);
  EXPECT_EQ(a.cost->scope("owned").usd.p90, b.cost->scope("owned").usd.p90);
  const Json other = json_of(scenario_report("deepseek-v3", {"cost.samples=1000", "seed=2"}));
  const Json one = json_of(scenario_report("deepseek-v3", {"cost.samples=1000"}));
  EXPECT_NE(one["scopes"][1]["total_usd"], other["scopes"][1]["total_usd"]);
}

// How long they take is for ./dev bench.
TEST(CostReport, DrawsAsManySamplesAsItIsTold) {
  Report r = scenario_report("deepseek-fleet-50k", {"cost.samples=100"});
  r.scenario.cost->samples = 100'000;
  EXPECT_EQ(cost_report(r).samples, 100'000);
}

// ---- Scopes ---------------------------------------------------------------------------------

TEST(CostReport, RentsTheHoursAtTheRent) {
  const Report r = report_of(cost_tables);
  EXPECT_NEAR(r.cost->scope("rented").typical, r.total_gpu_hours * 2.0, 1e-9);
  EXPECT_NEAR(*r.rental_usd, r.total_gpu_hours * 2.0, 1e-9);
}

// By hand, at typical values: 8 H100 at the price of the book, five years, four fifths in use.
TEST(CostReport, ChargesOwnedServersByTheHour) {
  const Report r = report_of(cost_tables);
  const auto price = std::get<PriceAnswer>(
      price_book().find({"server.H100-SXM", *parse_date("2024-12"), {"US"}, {}}));
  const double expected =
      r.total_gpu_hours * price.range.typical / 8 * (1 - 0.1) / (5 * 8766 * 0.8);
  EXPECT_NEAR(line(r.cost->scope("owned"), "servers").typical / expected, 1, 1e-9);
  const double electricity = r.energy->servers.si() / 3.6e6 * 1.2;
  EXPECT_NEAR(line(r.cost->scope("owned"), "electricity").typical / electricity, 0.08, 0.01);
}

TEST(CostReport, HasTheLinesOfAScopeAddUp) {
  const Report r = scenario_report("deepseek-fleet-50k", {"cost.samples=1000"});
  for (const CostScope& scope : r.cost->scopes) {
    ASSERT_TRUE(scope.known()) << scope.absent;
    double sum = 0;
    for (const CostLine& l : scope.lines) sum += l.typical;
    EXPECT_NEAR(sum / scope.typical, 1, 1e-12) << scope.id;
    EXPECT_LE(scope.usd.p10, scope.usd.p50);
    EXPECT_LE(scope.usd.p50, scope.usd.p90);
  }
}

TEST(CostReport, LeadsFromTheFirstNumberToTheLast) {
  const Report r = scenario_report("deepseek-fleet-50k", {"cost.samples=1000"});
  double at = 0;
  int totals = 0;
  for (const WaterfallStep& step : r.cost->waterfall) {
    if (step.total && totals++ > 0) {
      EXPECT_NEAR(at / step.usd, 1, 1e-9) << step.name;
    }
    at = step.total ? step.usd : at + step.usd;
  }
  EXPECT_EQ(totals, 4);
}

TEST(CostReport, SaysWhyThereIsNoTotal) {
  const Report none = report_of("");
  EXPECT_FALSE(none.cost.has_value());
  const CostReport bare = cost_report(none);
  EXPECT_THAT(bare.scope("rented").absent, HasSubstr("no [price]"));
  EXPECT_THAT(bare.scope("owned").absent, HasSubstr("no [cost]"));
  EXPECT_THAT(bare.scope("programme").absent, HasSubstr("no [programme]"));
  EXPECT_THAT(bare.scope("fleet").absent, HasSubstr("no [fleet]"));
  const Report early = scenario_report("deepseek-v3", {"cost.samples=100", "cost.date=2019-01"});
  EXPECT_THAT(early.cost->scope("owned").absent, HasSubstr("nearest is 262000 USD/8 GPU"));
  EXPECT_TRUE(json_of(early)["scopes"][1]["total_usd"].is_null());
}

TEST(CostReport, LetsTheScenarioOverrideThePriceBook) {
  const Report r = report_of(cost_tables + R"(
[[cost.price]]
item = "server.H100-SXM"
unit = "USD/8 GPU"
typical = 100_000
source = "an offer"
)");
  const auto& inputs = r.cost->inputs;
  const auto server = std::ranges::find(inputs, "server.H100-SXM", &CostInput::name);
  ASSERT_NE(server, inputs.end());
  EXPECT_EQ(server->range.typical, 100'000);
  EXPECT_EQ(server->kind, "scenario");
  EXPECT_THAT(server->how, HasSubstr("over the price book's"));
  EXPECT_EQ(server->sources, std::vector<std::string>{"an offer"});
  EXPECT_THAT(print_cost(r, *r.cost, "md"), HasSubstr("The scenario overrides server.H100-SXM"));
}

// Issue: server capital of 1.6 B from the book, not from the claim.
TEST(CostReport, PricesTheFleetOfTheAnalyst) {
  const Report r = scenario_report("deepseek-fleet-50k");
  const auto check = [&](double value) {
    return *std::ranges::find(r.cost->claims, value,
                              [](const CostClaimCheck& c) { return c.claim.value; });
  };
  EXPECT_TRUE(check(1.629e9).inside());
  EXPECT_TRUE(check(5.576e6).inside());
  EXPECT_FALSE(check(944e6).inside()) << "the explanation in the scenario is out of date";
  EXPECT_THAT(check(944e6).claim.explanation, HasSubstr("line by line"));
  EXPECT_NEAR(r.cost->published_rental->usd, 5.576e6, 1);
}

// A100 before any rule, H800 while it was legal, H100 never, H20 before its letter.
TEST(CostReport, SaysWhatExportRulesMadeOfEachPurchase) {
  const Report r = scenario_report("deepseek-fleet-50k", {"cost.samples=100"});
  std::vector<std::string> verdicts;
  for (const FleetProcurement& p : r.cost->procurement) {
    verdicts.push_back(p.accelerator + " " + p.verdict);
  }
  EXPECT_THAT(verdicts, ::testing::ElementsAre("A100-PCIE-40 free", "H800-SXM free",
                                               "H100-SXM denial", "H20-96 free"));
}

// ---- Wrong input ----------------------------------------------------------------------------

TEST(CostSettings, PointAtWhatIsWrong) {
  const auto wrong = [](const std::string& more) {
    return diagnose(std::string(small_scenario) + more);
  };
  EXPECT_THAT(wrong("[cost]\ndate = \"soon\"\nregions = [\"US\"]\n"),
              HasSubstr("error: 'soon' is no day"));
  EXPECT_THAT(wrong("[cost]\ndate = \"2024\"\n"), HasSubstr("regions"));
  EXPECT_THAT(wrong("[fleet]\nyears = 4.0\n"), HasSubstr("[fleet] needs [cost]"));
  const std::string cost = "[cost]\ndate = \"2024\"\nregions = [\"US\"]\n";
  EXPECT_THAT(wrong(cost + "[[cost.price]]\nitem = \"server.H100-SXM\"\nunit = \"USD\"\n"
                           "typical = 1\nsource = \"x\"\n"),
              HasSubstr("server.H100-SXM is priced in USD/8 GPU"));
  EXPECT_THAT(wrong(cost + "[[cost.price]]\nitem = \"electrcity\"\nunit = \"USD\"\n"
                           "typical = 1\nsource = \"x\"\n"),
              HasSubstr("did you mean 'electricity'?"));
  EXPECT_THAT(wrong(cost + "[[cost.claim]]\ntext = \"x\"\nof = \"fleet.server\"\nvalue = \"$1 B\"\n"
                           "source = \"x\"\n"),
              HasSubstr("did you mean 'fleet.servers'?"));
  EXPECT_THAT(wrong(cost + "kinds = [\"gray\"]\n"), HasSubstr("did you mean 'grey'?"));
  EXPECT_THAT(wrong(cost + "[[cost.price]]\nitem = \"factor.use\"\nunit = \"fraction\"\n"
                           "typical = 0\nsource = \"x\"\n"),
              HasSubstr("factor.use must be more than 0"));
  EXPECT_THAT(wrong(cost + "[fleet]\nyears = 4.0\nsource = \"x\"\ndestination = \"China\"\n"),
              HasSubstr("'China' is no country"));
  EXPECT_THAT(wrong(cost + "[programme]\npeople = { typical = 10, low = 20, source = \"x\" }\n"),
              HasSubstr("low is more than typical"));
  EXPECT_THAT(wrong(cost + "[fleet]\nyears = 4.0\nsource = \"x\"\n[[fleet.island]]\n"
                           "accelerator = \"H80-SXM\"\n"),
              HasSubstr("did you mean"));
}

}  // namespace
}  // namespace fleetwright::testing
