#include "gui/models/scenario_check.hpp"

#include <gtest/gtest.h>

#include <QFileInfo>

#include "tests/gui/waiting.hpp"

namespace fleetwright::gui {
namespace {

using testing::source_text;
using testing::wait_until;

TEST(ScenarioCheck, TellsSettingsOfTheLastTextAlone) {
  ScenarioCheck check;
  int times = 0;
  std::vector<Setting> settings;
  QObject::connect(
      &check, &ScenarioCheck::checked, &check,
      [&](const std::vector<Setting>& found, const std::vector<ProgramMessage>& wrong) {
        ++times;
        settings = found;
        EXPECT_TRUE(wrong.empty());
      });
  const QString file = QFileInfo("scenarios/deepseek-v3.toml").absoluteFilePath();
  check.request(file, "nonsense");
  check.request(file, source_text("scenarios/deepseek-v3.toml"));
  ASSERT_TRUE(wait_until([&] { return times > 0; }));
  EXPECT_EQ(times, 1);
  EXPECT_GT(settings.size(), 20U);
}

TEST(ScenarioCheck, TellsWhatIsWrong) {
  ScenarioCheck check;
  std::vector<ProgramMessage> messages;
  QObject::connect(
      &check, &ScenarioCheck::checked, &check,
      [&](const std::vector<Setting>& found, const std::vector<ProgramMessage>& wrong) {
        EXPECT_TRUE(found.empty());
        messages = wrong;
      });
  check.request({}, "name = 5\n");
  ASSERT_TRUE(wait_until([&] { return !messages.empty(); }));
  EXPECT_GT(messages[0].line, 0);
}

}  // namespace
}  // namespace fleetwright::gui
