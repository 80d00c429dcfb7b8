#include "gui/models/setting.hpp"

#include <gtest/gtest.h>

#include <QDir>
#include <QFileInfo>
#include <algorithm>

#include "gui/models/child_process.hpp"
#include "gui/models/toml_text.hpp"
#include "tests/gui/waiting.hpp"

// Settings as the program tells them.
namespace fleetwright::gui {
namespace {

using testing::source_text;
using testing::wait_until;

std::vector<Setting> shown(const QString& file) {
  ChildProcess child;
  std::vector<Setting> settings;
  bool over = false;
  QObject::connect(&child, &ChildProcess::finished, &child, [&](const ChildOutcome& outcome) {
    settings = read_settings(outcome.output);
    over = true;
  });
  child.start(fleetwright_program(), {"show", file, "--format", "json"});
  EXPECT_TRUE(wait_until([&] { return over; }));
  return settings;
}

const Setting& at(const std::vector<Setting>& settings, const QString& path) {
  const auto found = std::ranges::find(settings, path, &Setting::path);
  EXPECT_NE(found, settings.end()) << path.toStdString();
  return *found;
}

TEST(SettingText, SaysWhatTheProgramAllows) {
  const auto settings = shown("scenarios/deepseek-v3.toml");
  EXPECT_EQ(at(settings, "strategy.tp").allowed.in_words(), "a whole number from 1 to 65536");
  EXPECT_EQ(at(settings, "cluster.oversubscription").allowed.in_words(), "a number from 1 to 64");
  EXPECT_EQ(at(settings, "training.tokens").allowed.in_words(),
            "more than 0, with its unit, as in 14.8 T tokens");
  const AllowedValues& accelerator = at(settings, "cluster.accelerator").allowed;
  EXPECT_EQ(accelerator.type, "choice");
  EXPECT_TRUE(accelerator.choices.contains("H800-SXM"));
  EXPECT_EQ(accelerator.in_words(), QString("one of %1").arg(accelerator.choices.size()));
  const AllowedValues& model = at(settings, "model.config").allowed;
  EXPECT_EQ(model.type, "text");  // a path will do
  EXPECT_TRUE(model.choices.contains("deepseek-v3"));
  EXPECT_TRUE(at(settings, "cluster.collective").allowed.choices.contains("auto"));
}

TEST(SettingText, ComplainsOfWhatIsTypedBesideTheLimits) {
  AllowedValues degree{"integer", 1, 65'536, {}, {}, {}};
  EXPECT_EQ(degree.complaint("64"), "");
  EXPECT_EQ(degree.complaint("65_536"), "");
  EXPECT_EQ(degree.complaint(""), "");
  EXPECT_EQ(degree.complaint("65537"), "65537 is not a whole number from 1 to 65536");
  EXPECT_NE(degree.complaint("0"), "");
  EXPECT_NE(degree.complaint("-3"), "");
  EXPECT_EQ(degree.complaint("1.5"), "it must be a whole number from 1 to 65536");
  EXPECT_NE(degree.complaint("many"), "");
  AllowedValues pue{"number", 1.0, 5.0, {}, {}, {}};
  EXPECT_EQ(pue.complaint("1.25"), "");
  EXPECT_EQ(pue.complaint("1e0"), "");
  EXPECT_NE(pue.complaint("0.9"), "");
  EXPECT_NE(pue.complaint("nan"), "");
  AllowedValues bandwidth{"quantity", {}, {}, 0.0, {}, "400 Gbps"};
  EXPECT_EQ(bandwidth.complaint("400 Gbps"), "");
  EXPECT_EQ(bandwidth.complaint("400"),
            "the unit is missing: more than 0, with its unit, as in 400 Gbps");
}

TEST(SettingText, KnowsWhereEveryWrittenSettingOfTheShippedScenariosStands) {
  std::size_t found = 0;
  for (const QFileInfo& file : QDir("scenarios").entryInfoList({"*.toml"}, QDir::Files)) {
    const QString text = source_text(file.filePath());
    for (const Setting& setting : shown(file.filePath())) {
      if (!setting.written()) continue;
      const std::string what = file.fileName().toStdString() + ": " + setting.path.toStdString();
      const auto place = find_value(text, setting.path);
      ASSERT_TRUE(place) << what;
      ++found;
      if (const auto number = number_of(setting.value)) {
        EXPECT_EQ(number_of(place->text), number) << what;
      } else if (setting.value.startsWith('"') && place->text.startsWith('"') &&
                 !place->text.startsWith("\"\"\"") && !place->text.contains('\\')) {
        EXPECT_EQ(place->text, setting.value) << what;
      }
      const int line = 1 + static_cast<int>(text.left(place->position).count('\n'));
      const auto column = place->position - text.lastIndexOf('\n', place->position - 1);
      EXPECT_EQ(path_at(text, line, static_cast<int>(column)), setting.path) << what;
    }
  }
  EXPECT_GT(found, 300U);
}

}  // namespace
}  // namespace fleetwright::gui
