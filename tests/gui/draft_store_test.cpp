#include "gui/models/draft_store.hpp"

#include <gtest/gtest.h>

#include <QDir>
#include <QFile>
#include <QTemporaryDir>

#include "gui/models/scenario_library.hpp"
#include "gui/models/snapshot.hpp"

namespace fleetwright::gui {
namespace {

TEST(DraftStore, KeepsAndForgetsOneDraftAFile) {
  const QTemporaryDir folder;
  const DraftStore store(folder.filePath("drafts"));
  EXPECT_FALSE(store.find("/a.toml"));
  EXPECT_TRUE(store.keep({"/a.toml", "one"}));
  EXPECT_TRUE(store.keep({"/a.toml", "two"}));
  EXPECT_TRUE(store.keep({"/b.toml", "three"}));
  EXPECT_EQ(store.find("/a.toml")->text, "two");
  EXPECT_EQ(store.all().size(), 2U);
  store.forget("/a.toml");
  EXPECT_FALSE(store.find("/a.toml"));
}

TEST(DraftStore, SaysWhereTheDiskRefuses) {
  EXPECT_FALSE(DraftStore("/proc/no/such/folder").keep({"/a.toml", "text"}));
}

TEST(ScenarioLibrary, TakesTheFirstCommentAsTheQuestion) {
  EXPECT_EQ(question_of("# How long\n# does it take?\n#\n# More about it.\nname = 1\n"),
            "How long does it take?");
  EXPECT_EQ(question_of("name = 1\n# no question\n"), "");
}

TEST(ScenarioLibrary, FindsTheScenariosOfTheProgram) {
  const auto entries = shipped_scenarios();
  ASSERT_FALSE(entries.empty());
  for (const ScenarioEntry& entry : entries) {
    EXPECT_TRUE(entry.question.contains('?')) << entry.file.toStdString();
  }
}

TEST(ScenarioLibrary, KeepsTheLatestTenFirst) {
  QStringList recent;
  for (int i = 0; i < 12; ++i) recent = with_recent(QString::number(i), recent);
  recent = with_recent("5", recent);
  EXPECT_EQ(recent.size(), 10);
  EXPECT_EQ(recent.first(), "5");
  EXPECT_EQ(recent.count("5"), 1);
}

TEST(Snapshot, StandsBesideTheNeighboursOfItsOrigin) {
  const QTemporaryDir origin;
  const QTemporaryDir target;
  for (const char* name : {"a.toml", "config.json"}) {
    QFile file(origin.filePath(name));
    ASSERT_TRUE(file.open(QIODevice::WriteOnly));
    file.write("saved");
  }
  QString error;
  const QString file =
      write_snapshot(target.filePath("1"), origin.filePath("a.toml"), "new", error);
  EXPECT_EQ(file, target.filePath("1/a.toml"));
  EXPECT_TRUE(QFile::exists(target.filePath("1/config.json")));
  QFile written(file);
  ASSERT_TRUE(written.open(QIODevice::ReadOnly));
  EXPECT_EQ(written.readAll(), "new");
}

}  // namespace
}  // namespace fleetwright::gui
