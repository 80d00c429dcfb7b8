#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <map>
#include <set>
#include <sstream>
#include <tuple>

#include "planner/output/trace_json.hpp"
#include "planner/output/trace_paje.hpp"
#include "sim/simgrid/simulated_estimator.hpp"
#include "sim/step_estimate.hpp"
#include "tests/support/setups.hpp"

// What trace viewers demand of their formats.
namespace fleetwright {
namespace {

using Json = nlohmann::json;

StepEstimate step_of(const std::string& schedule) {
  StepSetup s = testing::moe_setup("H800-SXM", 64, 4);
  testing::set_schedule(s, schedule);
  s.job.strategy.global_batch = s.job.strategy.dp * 16;
  return estimate_step(s, SimulatedEstimator());
}

class Traces : public ::testing::TestWithParam<std::string> {
 protected:
  StepEstimate step_ = step_of(GetParam());
  int ranks_ = static_cast<int>(step_.ranks.size());
};

// Trace Event Format: complete events of a thread nest or follow each other, an arrow has two ends
// that stand in slices, counters go forward in time, and whatever has events has a name.
TEST_P(Traces, KeepToTheTraceEventFormat) {
  const Json trace = Json::parse(trace_json(step_.trace, ranks_));
  std::map<std::pair<int, int>, std::vector<std::pair<double, double>>> slices;
  std::map<int, std::tuple<double, int, int>> open_arrows;
  std::map<std::pair<int, std::string>, double> counters;
  std::set<int> named;
  std::set<int> used;
  int arrows = 0;
  for (const Json& e : trace.at("traceEvents")) {
    const std::string phase = e.at("ph");
    const int pid = e.at("pid");
    if (phase == "M") {
      if (e.at("name") == "process_name") named.insert(pid);
      EXPECT_FALSE(e.at("args").at("name").get<std::string>().empty());
      continue;
    }
    used.insert(pid);
    const double ts = e.at("ts");
    EXPECT_GE(ts, 0);
    EXPECT_FALSE(e.at("name").get<std::string>().empty());
    if (phase == "X") {
      EXPECT_GE(e.at("dur"), 0.0);
      slices[{pid, e.at("tid")}].emplace_back(ts, ts + e.at("dur").get<double>());
    } else if (phase == "s") {
      EXPECT_TRUE(open_arrows.try_emplace(e.at("id"), ts, pid, e.at("tid").get<int>()).second);
    } else if (phase == "f") {
      const auto from = open_arrows.find(e.at("id"));
      ASSERT_NE(from, open_arrows.end());
      EXPECT_EQ(e.at("bp"), "e");
      EXPECT_LE(std::get<0>(from->second), ts);
      open_arrows.erase(from);
      ++arrows;
    } else {
      ASSERT_EQ(phase, "C");
      double& last = counters[{pid, e.at("name")}];
      EXPECT_GE(ts, last);
      last = ts;
      for (const auto& [key, value] : e.at("args").items()) EXPECT_GE(value, 0.0) << key;
    }
  }
  EXPECT_TRUE(open_arrows.empty());
  EXPECT_GT(arrows, 16);
  EXPECT_EQ(named, used);
  EXPECT_GT(counters.size(), static_cast<std::size_t>(ranks_));
  for (auto& [thread, intervals] : slices) {
    std::ranges::sort(intervals);
    for (std::size_t i = 1; i < intervals.size(); ++i) {
      EXPECT_LE(intervals[i - 1].second, intervals[i].first + 0.0011);  // a nanosecond, rounded
    }
  }
}

/// The fields of a Paje line; texts in quotes are one.
std::vector<std::string> fields_of(const std::string& line) {
  std::vector<std::string> fields;
  std::istringstream in(line);
  std::string field;
  while (in >> std::ws && !in.eof()) {
    if (in.peek() == '"') {
      in.get();
      std::getline(in, field, '"');
    } else {
      in >> field;
    }
    fields.push_back(field);
  }
  return fields;
}

/// Reads a Paje trace as strictly as its definition.
class PajeReader {
 public:
  explicit PajeReader(const std::string& text) {
    std::istringstream in(text);
    for (std::string line; std::getline(in, line);) read(line);
  }
  int states = 0;
  int arrows = 0;
  int values = 0;

  void expect_closed() const {
    for (const auto& [lane, depth] : depth_) EXPECT_EQ(depth, 0) << lane;
    EXPECT_TRUE(open_arrows_.empty());
    EXPECT_FALSE(containers_.contains("step"));
  }

 private:
  void read(const std::string& line) {
    std::vector<std::string> f = fields_of(line);
    if (f.front() == "%EventDef") {
      current_ = f.at(2);
      names_[current_] = f.at(1);
      return;
    }
    if (f.front() == "%EndEventDef") return;
    if (f.front() == "%") {
      definitions_[current_].push_back(f.at(1));
      return;
    }
    ASSERT_TRUE(names_.contains(f.front())) << line;
    const std::vector<std::string>& fields = definitions_[f.front()];
    ASSERT_EQ(f.size(), fields.size() + 1) << line;
    std::map<std::string, std::string> event;
    for (std::size_t i = 0; i < fields.size(); ++i) event[fields[i]] = f[i + 1];
    act(names_[f.front()], event, line);
  }

  void act(const std::string& name, std::map<std::string, std::string>& e,
           const std::string& line) {
    if (e.contains("Time")) {
      const double time = std::stod(e["Time"]);
      EXPECT_GE(time, time_) << line;
      time_ = time;
    }
    if (name.starts_with("PajeDefine")) {
      EXPECT_TRUE(types_.insert(e["Alias"]).second) << line;
      if (e["Type"] != "0") {
        EXPECT_TRUE(types_.contains(e["Type"])) << line;
      }
      return;
    }
    EXPECT_TRUE(types_.contains(e["Type"])) << line;
    if (name == "PajeCreateContainer") {
      if (e["Container"] != "0") {
        EXPECT_TRUE(containers_.contains(e["Container"])) << line;
      }
      EXPECT_TRUE(containers_.insert(e["Alias"]).second) << line;
    } else if (name == "PajeDestroyContainer") {
      EXPECT_EQ(containers_.erase(e["Name"]), 1U) << line;
    } else {
      EXPECT_TRUE(containers_.contains(e["Container"])) << line;
    }
    if (name == "PajePushState") {
      ++states;
      EXPECT_EQ(++depth_[e["Container"]], 1) << line;  // a lane does one thing at a time
    } else if (name == "PajePopState") {
      EXPECT_EQ(--depth_[e["Container"]], 0) << line;
    } else if (name == "PajeSetVariable") {
      ++values;
      EXPECT_GE(std::stod(e["Value"]), 0) << line;
    } else if (name == "PajeStartLink") {
      EXPECT_TRUE(containers_.contains(e["StartContainer"])) << line;
      EXPECT_TRUE(open_arrows_.insert(e["Key"]).second) << line;
    } else if (name == "PajeEndLink") {
      EXPECT_TRUE(containers_.contains(e["EndContainer"])) << line;
      EXPECT_EQ(open_arrows_.erase(e["Key"]), 1U) << line;
      ++arrows;
    }
  }

  std::string current_;
  std::map<std::string, std::string> names_;
  std::map<std::string, std::vector<std::string>> definitions_;
  std::set<std::string> types_;
  std::set<std::string> containers_;
  std::set<std::string> open_arrows_;
  std::map<std::string, int> depth_;
  double time_ = 0;
};

TEST_P(Traces, KeepToThePajeFormat) {
  const PajeReader paje(trace_paje(step_.trace, ranks_));
  paje.expect_closed();
  EXPECT_GT(paje.states, 100);
  EXPECT_GT(paje.arrows, 16);
  EXPECT_GT(paje.values, 100);
}

INSTANTIATE_TEST_SUITE_P(Schedules, Traces,
                         ::testing::Values("1f1b", "interleaved", "zb-h1", "dualpipe"),
                         [](const auto& test) {
                           std::string name = test.param;
                           std::erase(name, '-');
                           return name;
                         });

}  // namespace
}  // namespace fleetwright
