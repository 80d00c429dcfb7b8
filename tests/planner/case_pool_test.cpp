#include "planner/sweep/case_pool.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <thread>

#include "tests/planner/scenario_text.hpp"

// Programs that do what estimates must not: they hang, crash, babble.
namespace fleetwright::testing {
namespace {

using ::testing::HasSubstr;
using namespace std::chrono_literals;

class CasePools : public ::testing::Test {
 protected:
  // What a shell script in the place of the program comes to.
  CaseOutcome outcome_of(const std::string& script, std::chrono::duration<double> limit = 60s,
                         const std::vector<Assignment>& assignments = {}) {
    CasePool pool(command_of(script, limit));
    pool.start(7, assignments);
    while (pool.running() > 0) {
      for (const CasePool::Ended& e : pool.wait(1s)) {
        EXPECT_EQ(e.number, 7U);
        return e.outcome;
      }
    }
    return {};
  }

  CaseCommand command_of(const std::string& script, std::chrono::duration<double> limit) {
    const auto file = folder_.write("program", "#!/bin/sh\n" + script + "\n");
    ::chmod(file.c_str(), 0700);
    return {file, folder_.path() / "base.toml", "", limit, {}};
  }

  TemporaryFolder folder_;
};

TEST_F(CasePools, KeepTheReportOfACaseThatIsDone) {
  const CaseOutcome o = outcome_of("echo '{\"a\": 1}'; echo warning >&2");
  EXPECT_EQ(o.end, CaseEnd::done);
  EXPECT_EQ(o.report, "{\"a\": 1}");
  EXPECT_EQ(o.error, "");
}

TEST_F(CasePools, PassSettingsWithoutAShell) {
  const std::string nasty = "\"$(touch shell-was-here); `id` ' \\\" & |\"";
  const CaseOutcome o = outcome_of("printf '%s\\n' \"$@\" >&2; exit 2", 60s, {{"a.b", nasty}});
  EXPECT_EQ(o.end, CaseEnd::wrong_input);
  EXPECT_THAT(o.error, HasSubstr("--set=a.b=" + nasty + "\n./base.toml"));
  EXPECT_FALSE(std::filesystem::exists(folder_.path() / "shell-was-here"));
}

TEST_F(CasePools, TellHowACaseEnded) {
  EXPECT_EQ(outcome_of("exit 3").end, CaseEnd::infeasible);
  EXPECT_EQ(outcome_of("exit 1").error, "exit code 1");
  EXPECT_EQ(outcome_of("echo half; exit 0").end, CaseEnd::failed) << "no JSON is no report";
  const CaseOutcome crash = outcome_of("echo last words >&2; kill -SEGV $$");
  EXPECT_EQ(crash.end, CaseEnd::crashed);
  EXPECT_EQ(crash.error, "Segmentation fault\nlast words");
}

TEST_F(CasePools, EndACaseThatHangsWithAllThatItStarted) {
  const std::string pids = folder_.path() / "pids";
  const CaseOutcome o = outcome_of("sleep 1000 & echo $$ $! > '" + pids + ".new'; mv '" + pids +
                                       ".new' '" + pids + "'; trap '' TERM; wait",
                                   1s);
  EXPECT_EQ(o.end, CaseEnd::timed_out);
  EXPECT_EQ(o.error, "not done within 1 s");
  std::istringstream in(read_text(pids));
  pid_t shell = 0, sleeper = 0;
  in >> shell >> sleeper;
  ASSERT_GT(sleeper, 0);
  EXPECT_NE(::kill(shell, 0), 0);
  // A kill takes effect a little later; and nobody may have waited for the grandchild yet.
  const auto runs = [&] {
    const std::string state = read_text("/proc/" + std::to_string(sleeper) + "/stat");
    return !state.empty() && state.find(" Z ") == std::string::npos;
  };
  for (int i = 0; i < 500 && runs(); ++i) std::this_thread::sleep_for(10ms);
  EXPECT_FALSE(runs());
}

TEST_F(CasePools, WaitForNobodyWhoHoldsTheStreamsOpen) {
  EXPECT_EQ(outcome_of("sleep 1000 & echo '{}'", 300s).end, CaseEnd::done);
}

TEST_F(CasePools, BoundWhatABabblerSays) {
  EXPECT_EQ(outcome_of("yes '{}'").error, "the report is larger than 64 MiB");
  const CaseOutcome o = outcome_of("yes 2>/dev/null | head -c 1000000 >&2; exit 2");
  EXPECT_EQ(o.end, CaseEnd::wrong_input);
  EXPECT_LE(o.error.size(), 64U << 10);
}

TEST_F(CasePools, FailACaseThatCannotStart) {
  CasePool pool({"/no/such/program", folder_.path() / "base.toml", "", 60s, {}});
  pool.start(1, {});
  const auto ended = pool.wait(1s);
  ASSERT_EQ(ended.size(), 1U);
  EXPECT_EQ(ended[0].outcome.end, CaseEnd::failed);
  EXPECT_THAT(ended[0].outcome.error, HasSubstr("cannot start"));
}

TEST_F(CasePools, RunCasesAtTheSameTime) {
  // Each waits for the other's file.
  const std::string script =
      "touch mark.$$; for i in $(seq 600); do [ $(ls mark.* | wc -l) -ge 2 ] && echo '{}' && exit "
      "0; "
      "sleep 0.1; done; exit 1";
  CasePool pool(command_of(script, 120s));
  pool.start(1, {});
  pool.start(2, {});
  std::size_t done = 0;
  while (pool.running() > 0) {
    for (const CasePool::Ended& e : pool.wait(1s)) done += e.outcome.end == CaseEnd::done;
  }
  EXPECT_EQ(done, 2U);
}

}  // namespace
}  // namespace fleetwright::testing
