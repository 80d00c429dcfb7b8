#include "gui/models/child_process.hpp"

#include <gtest/gtest.h>

#include <csignal>
#include <optional>

#include "tests/gui/waiting.hpp"

// Processes of the machine, and what is told about their ends.
namespace fleetwright::gui {
namespace {

using testing::wait_until;

class ChildProcessTest : public ::testing::Test {
 protected:
  ChildProcessTest() {
    QObject::connect(&child_, &ChildProcess::finished, &child_,
                     [this](const ChildOutcome& outcome) { outcome_ = outcome; });
  }

  const ChildOutcome& end_of(const QString& program, const QStringList& arguments) {
    child_.start(program, arguments);
    EXPECT_TRUE(wait_until([this] { return outcome_.has_value(); }));
    return *outcome_;
  }

  std::optional<ChildOutcome> outcome_;
  ChildProcess child_;
};

TEST_F(ChildProcessTest, GivesWhatTheProgramWrote) {
  const ChildOutcome& end =
      end_of(fleetwright_program(), {"list", "topologies", "--format", "csv"});
  EXPECT_EQ(end.failure, "");
  EXPECT_TRUE(end.output.contains("fat-tree"));
  EXPECT_EQ(end.messages, "");
}

TEST_F(ChildProcessTest, TellsTheWrongInputFromTheExitCode) {
  const ChildOutcome& end = end_of(fleetwright_program(), {"show", "CHANGELOG.md"});
  EXPECT_EQ(end.code, 2);
  EXPECT_EQ(end.failure, "The scenario is wrong.");
  EXPECT_NE(end.messages, "");
}

TEST_F(ChildProcessTest, SaysThatTheProgramIsNotThere) {
  EXPECT_TRUE(
      end_of("/no/such/program", {}).failure.startsWith("The program could not be started"));
}

TEST_F(ChildProcessTest, NamesTheSignalThatEndedIt) {
  const ChildOutcome& end = end_of("/bin/sh", {"-c", "kill -SEGV $$"});
  EXPECT_TRUE(end.failure.contains("Segmentation fault")) << end.failure.toStdString();
  EXPECT_FALSE(end.cancelled);
}

TEST_F(ChildProcessTest, HasATerminalForStandardErrorAlone) {
  const ChildOutcome& end =
      end_of("/bin/sh", {"-c", "test -t 2 && echo error is; test -t 1 || echo output is not"});
  EXPECT_EQ(end.output, "error is\noutput is not\n");
}

TEST_F(ChildProcessTest, IsKilledWithinASecondWhereItDoesNotHeedAnInterrupt) {
  child_.start("/bin/sh", {"-c", "trap '' INT; sleep 60; sleep 60"});
  ASSERT_TRUE(wait_until([this] { return child_.running() && child_.pid() > 0; }));
  QElapsedTimer clock;
  clock.start();
  child_.cancel();
  ASSERT_TRUE(wait_until([this] { return outcome_.has_value(); }));
  EXPECT_LT(clock.elapsed(), 1000);
  EXPECT_TRUE(outcome_->cancelled);
}

TEST_F(ChildProcessTest, TellsProgress) {
  std::vector<Progress> told;
  QObject::connect(&child_, &ChildProcess::progressed, &child_,
                   [&](const Progress& progress) { told.push_back(progress); });
  const ChildOutcome& end = end_of(
      "/bin/sh", {"-c", "printf '\\r\\033[Ksimulating x: 40 %%, 3 s left\\r' >&2; echo oh >&2"});
  ASSERT_FALSE(told.empty());
  EXPECT_EQ(told.front().stage, "simulating x");
  EXPECT_DOUBLE_EQ(told.front().share, 0.4);
  EXPECT_EQ(end.messages, "oh\n");
}

}  // namespace
}  // namespace fleetwright::gui
