#include "sim/simgrid/child_process.hpp"

#include <gmock/gmock.h>
#include <unistd.h>

#include <csignal>
#include <stdexcept>
#include <thread>
#include <vector>

#include "models/core/error.hpp"
#include "sim/simgrid/simulated_estimator.hpp"
#include "tests/support/small_fabrics.hpp"

namespace fleetwright::testing {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

template <typename Work>
std::string error_of(Work work) {
  try {
    work();
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

std::string child_error(const std::function<std::vector<double>()>& work) {
  return error_of([&] { (void)run_in_child(work); });
}

TEST(ChildProcess, BringsBackTheValuesAndNothingElse) {
  int changed = 0;
  EXPECT_THAT(run_in_child([&] {
                changed = 1;
                return std::vector{1.5, 0.1};
              }),
              ElementsAre(1.5, 0.1));
  EXPECT_EQ(changed, 0);
}

TEST(ChildProcess, BringsBackMoreThanAPipeHolds) {
  const std::vector<double> many(1'000'000, 3.25);
  EXPECT_EQ(run_in_child([&] { return std::vector<double>(many); }), many);
}

TEST(ChildProcess, PassesOnProgressBeforeTheResult) {
  std::vector<double> shares;
  const auto values = run_in_child(
      [](const ReportProgress& report) {
        for (int i = 0; i < 3; ++i) report(i / 4.0);
        return std::vector{7.0};
      },
      [&](double share) { shares.push_back(share); });
  EXPECT_THAT(shares, ElementsAre(0, 0.25, 0.5));
  EXPECT_THAT(values, ElementsAre(7));
}

TEST(ChildProcess, PassesOnWhatTheChildThrew) {
  const auto text =
      child_error([]() -> std::vector<double> { throw std::runtime_error("no luck"); });
  EXPECT_EQ(text, "the simulation failed: no luck");
}

TEST(ChildProcess, SaysWhichSignalEndedTheChild) {
  const auto text = child_error([]() -> std::vector<double> {
    ::raise(SIGKILL);
    return {};
  });
  EXPECT_EQ(text, "the simulation died: signal 9 (Killed)");
}

TEST(ChildProcess, SaysWithWhatStatusTheChildLeft) {
  const auto text = child_error([]() -> std::vector<double> { ::_exit(3); });
  EXPECT_EQ(text, "the simulation died: exit status 3");
}

TEST(ChildProcess, ServesSeveralThreadsAtOnce) {
  std::vector<double> results(8);
  {
    std::vector<std::jthread> threads;
    for (std::size_t i = 0; i < results.size(); ++i) {
      threads.emplace_back([&results, i] {
        results[i] = run_in_child([i] { return std::vector{static_cast<double>(i)}; }).at(0);
      });
    }
  }
  EXPECT_THAT(results, ElementsAre(0, 1, 2, 3, 4, 5, 6, 7));
}

TEST(SimulatedEstimator, NamesTheTasksOfAProgramThatCannotEnd) {
  StepProgram program;
  const auto lane = program.add_lane({0, LaneKind::compute});
  const TaskId first = program.add_task(kernel(lane, 1_s, "egg"), {});
  program.add_dependency(first, program.add_task(kernel(lane, 1_s, "hen"), {}));
  const Fabric fabric = loose_links({1_GBps});
  EXPECT_THAT(error_of([&] { (void)SimulatedEstimator{}.run(program, fabric); }),
              AllOf(HasSubstr("the simulation failed: "), HasSubstr("egg"), HasSubstr("hen")));
}

}  // namespace
}  // namespace fleetwright::testing
