#include "models/core/diagnostics.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "models/core/error.hpp"

namespace fleetwright {
namespace {

TEST(Render, ShowsTheLineACaretAndTheSuggestion) {
  const Diagnostic d{{"s.toml", 2, 6}, "tp = 3 does not divide 128 heads", "use 2 or 4"};
  EXPECT_EQ(render(d, "[strategy]\ntp = 3\n"),
            "s.toml:2:6: error: tp = 3 does not divide 128 heads\n"
            "  tp = 3\n"
            "       ^\n"
            "  help: use 2 or 4\n");
}

TEST(Render, LeavesOutWhatIsNotThere) {
  EXPECT_EQ(render({{"s.toml", 0, 0}, "message", ""}, "text"), "s.toml: error: message\n");
  EXPECT_EQ(render({{"s.toml", 9, 1}, "message", ""}, "one line"), "s.toml:9:1: error: message\n");
  EXPECT_EQ(render({{"s.toml", 1, 1}, "message", ""}, ""), "s.toml:1:1: error: message\n");
}

TEST(Render, KeepsTabsSoThatTheCaretStandsRight) {
  EXPECT_EQ(render({{"s", 1, 4}, "m", ""}, "\ta = 1"), "s:1:4: error: m\n  \ta = 1\n  \t  ^\n");
}

TEST(Render, TakesWindowsLineEndsAndColumnsBeyondTheLine) {
  EXPECT_EQ(render({{"s", 1, 99}, "m", ""}, "ab\r\ncd"), "s:1:99: error: m\n  ab\n    ^\n");
}

TEST(Render, ReadsTheFilesNamed) {
  const auto file = std::filesystem::temp_directory_path() / "fleetwright-test-render.toml";
  std::ofstream(file) << "a = 1\nb = 2\n";
  const std::string name = file.string();
  EXPECT_EQ(render({{{name, 2, 5}, "x", ""}, {{"/no/such/file", 1, 1}, "y", ""}}),
            name + ":2:5: error: x\n  b = 2\n      ^\n/no/such/file:1:1: error: y\n");
  std::filesystem::remove(file);
}

TEST(Diagnostics, ThrowsAllInTheOrderOfTheFile) {
  Diagnostics d;
  EXPECT_NO_THROW(d.throw_if_any());
  d.add({"s", 7, 1}, "late");
  d.add({"s", 2, 9}, "early, right");
  d.add({"s", 2, 3}, "early, left", "help");
  try {
    d.throw_if_any();
    FAIL() << "three diagnostics did not throw";
  } catch (const ScenarioError& e) {
    ASSERT_EQ(e.diagnostics().size(), 3U);
    EXPECT_STREQ(e.what(),
                 "s:2:3: error: early, left\ns:2:9: error: early, right\ns:7:1: error: late");
    EXPECT_EQ(e.diagnostics()[0].suggestion, "help");
  }
}

TEST(ErrorDeathTest, ABrokenInvariantEndsTheProcessInAllBuilds) {
  EXPECT_DEATH(ensure(false, "one and one is three"), "bug: invariant broken at .*one is three");
  EXPECT_DEATH(throw ScenarioError({}), "needs a diagnostic");
}

}  // namespace
}  // namespace fleetwright
