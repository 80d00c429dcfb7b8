#include <gtest/gtest.h>

#include "gui/models/program_message.hpp"
#include "gui/models/progress_stream.hpp"
#include "gui/models/report.hpp"
#include "gui/models/setting.hpp"

// What the program writes, taken apart.
namespace fleetwright::gui {
namespace {

TEST(ProgramMessages, HavePlaceTextAndHelp) {
  const auto messages = read_messages(
      "a b/x.toml:29:6: error: tp x pp = 1024 must be the 2048 accelerators\n"
      "  dp = 64\n"
      "       ^\n"
      "  help: dp = 128 uses all of them\n"
      "a b/x.toml:3:1: error: second\n"
      "fleetwright: something else\n");
  ASSERT_EQ(messages.size(), 3U);
  EXPECT_EQ(messages[0].line, 29);
  EXPECT_EQ(messages[0].column, 6);
  EXPECT_EQ(messages[0].text, "tp x pp = 1024 must be the 2048 accelerators");
  EXPECT_EQ(messages[0].help, "dp = 128 uses all of them");
  EXPECT_EQ(messages[1].line, 3);
  EXPECT_EQ(messages[2].line, 0);
  EXPECT_EQ(messages[2].text, "something else");
}

TEST(ProgressStream, ReadsAProgressLineThatComesInPieces) {
  ProgressStream stream;
  EXPECT_FALSE(stream.feed("\r\x1b[Ksimulating deep"));
  EXPECT_TRUE(stream.feed("seek: 45 %, 2 min left\r\x1b[K"));
  EXPECT_EQ(stream.progress().stage, "simulating deepseek");
  EXPECT_DOUBLE_EQ(stream.progress().share, 0.45);
  EXPECT_EQ(stream.progress().left, "2 min left");
  EXPECT_EQ(stream.messages(), "");
}

TEST(ProgressStream, KeepsEverythingElseAsMessages) {
  ProgressStream stream;
  stream.feed("\r\x1b[Kx: 1 %\r\x1b[Kx.toml:1:2: error: no\nlast");
  EXPECT_EQ(stream.messages(), "x.toml:1:2: error: no\nlast");
}

TEST(ProgressStream, ReadsTheCountOfCases) {
  ProgressStream stream;
  EXPECT_TRUE(stream.feed("\r5 of 20 cases"));
  EXPECT_DOUBLE_EQ(stream.progress().share, 0.25);
}

TEST(Report, GivesNothingForWhatIsMissingOrNull) {
  QString error;
  const Report report = Report::parse(R"({"step":{"time_s":2.5,"none":null},"name":"x"})", error);
  EXPECT_EQ(error, "");
  EXPECT_EQ(report.number("step.time_s"), 2.5);
  EXPECT_FALSE(report.number("step.none"));
  EXPECT_FALSE(report.number("step.time_s.deeper"));
  EXPECT_EQ(report.text("name"), "x");
}

TEST(Report, SaysThatBytesAreNoReport) {
  QString error;
  EXPECT_TRUE(Report::parse("{\"step\":", error).empty());
  EXPECT_NE(error, "");
}

TEST(Settings, KnowTableKeyAndWhetherTheyAreWritten) {
  const auto settings = read_settings(
      R"([{"setting":"phase[1].tokens","value":"\"1 T\"","origin":"scenario"},
          {"setting":"seed","value":"1","origin":"any would do"}])");
  ASSERT_EQ(settings.size(), 2U);
  EXPECT_EQ(settings[0].table(), "phase[1]");
  EXPECT_EQ(settings[0].key(), "tokens");
  EXPECT_TRUE(settings[0].written());
  EXPECT_EQ(settings[1].table(), "");
  EXPECT_FALSE(settings[1].written());
}

}  // namespace
}  // namespace fleetwright::gui
