#include <gtest/gtest.h>

#include <QDir>
#include <QFile>
#include <QProcess>
#include <QTemporaryDir>

#include "gui/models/child_process.hpp"
#include "gui/models/pages.hpp"
#include "gui/models/run_store.hpp"
#include "gui/models/sweep_runs.hpp"
#include "tests/gui/waiting.hpp"

namespace fleetwright::gui {
namespace {

using testing::wait_until;

void write(const QString& name, const QByteArray& text) {
  QFile file(name);
  ASSERT_TRUE(file.open(QIODevice::WriteOnly));
  file.write(text);
}

gui::Run made_run(double seconds) {
  gui::Run run;
  run.name = "made";
  run.text = "name = \"made\"\n";
  run.mode = RunMode::estimate;
  run.state = RunState::done;
  run.settings = {{"strategy.tp", "2", "scenario"}};
  run.report = Report(QJsonObject{{"step", QJsonObject{{"time_s", seconds}}}});
  run.cost = Report(QJsonObject{{"samples", 1}});
  return run;
}

TEST(RunStoreTest, GivesBackWhatItKept) {
  const QTemporaryDir folder;
  RunStore store(folder.filePath("runs"));
  EXPECT_TRUE(store.load().empty());
  gui::Run run = made_run(2.5);
  QString error;
  ASSERT_TRUE(store.keep(run, error)) << error.toStdString();
  const auto back = store.load();
  ASSERT_EQ(back.size(), 1U);
  EXPECT_EQ(back[0]->id, 1);
  EXPECT_EQ(back[0]->name, run.name);
  EXPECT_EQ(back[0]->text, run.text);
  EXPECT_EQ(back[0]->mode, run.mode);
  EXPECT_EQ(back[0]->state, RunState::done);
  EXPECT_EQ(back[0]->settings, run.settings);
  EXPECT_EQ(back[0]->report.number("step.time_s"), 2.5);
  EXPECT_EQ(back[0]->cost.number("samples"), 1);
  store.forget(*back[0]);
  EXPECT_TRUE(store.load().empty());
}

TEST(RunStoreTest, KeepsTheNewestAndPassesOverWhatIsNoRun) {
  const QTemporaryDir folder;
  RunStore store(folder.path(), 3);
  QString error;
  for (int i = 1; i <= 5; ++i) {
    gui::Run run = made_run(i);
    run.kept_as = QString("%1.run.json").arg(i);
    ASSERT_TRUE(store.keep(run, error));
  }
  EXPECT_EQ(QDir(folder.path()).entryList(QDir::Files).size(), 3);
  write(folder.filePath("4.run.json"), "half a fi");
  const auto back = store.load();
  ASSERT_EQ(back.size(), 2U);
  EXPECT_EQ(back[0]->report.number("step.time_s"), 3);
  EXPECT_EQ(back[1]->report.number("step.time_s"), 5);
}

TEST(RunStoreTest, SaysWhyItCannotKeep) {
  RunStore store("/proc/nowhere");
  gui::Run run = made_run(1);
  QString error;
  EXPECT_FALSE(store.keep(run, error));
  EXPECT_TRUE(error.contains("not be there after a restart"));
}

TEST(SweepReaderTest, ReadsCasesThatCanBeCompared) {
  const QTemporaryDir folder;
  ASSERT_TRUE(QFile::copy("scenarios/gpt3-175b-a100.toml", folder.filePath("base.toml")));
  write(folder.filePath("sweep.toml"),
        "name = \"batches\"\nbase = \"base.toml\"\n"
        "[[axis]]\nkey = \"strategy.micro_batch\"\nvalues = [1, 2, 5]\n");
  QProcess sweep;
  sweep.start(fleetwright_program(),
              {"sweep", folder.filePath("sweep.toml"), "--store", folder.filePath("s.sqlite"),
               "--engine", "analytic", "--quiet"});
  ASSERT_TRUE(sweep.waitForFinished(60'000));

  SweepReader reader;
  QString failure = "none yet";
  bool over = false;
  QObject::connect(&reader, &SweepReader::finished, &reader,
                   [&](const QString&, const QString& said) {
                     failure = said;
                     over = true;
                   });
  reader.read(folder.filePath("s.sqlite"));
  ASSERT_TRUE(wait_until([&] { return over; }));
  ASSERT_EQ(failure, "");
  const auto runs = reader.take_runs();
  ASSERT_EQ(runs.size(), 2U);  // five do not divide the batch
  EXPECT_EQ(runs[0]->name, "batches, case 0");
  EXPECT_EQ(differences(*runs[0], *runs[1]), QStringList("strategy.micro_batch 1 → 2"));
  const PageContent compared = compare_content({runs[0].get(), runs[1].get()});
  EXPECT_FALSE(compared.empty());
  EXPECT_TRUE(compared.answer.contains("strategy.micro_batch 1 → 2"));
  // Against a scenario's own run, only what the sweep moved counts.
  gui::Run whole = made_run(1);
  whole.settings = {{"strategy.micro_batch", "4", "scenario"}, {"strategy.tp", "8", "scenario"}};
  EXPECT_TRUE(differences(whole, *runs[0]).contains("strategy.micro_batch 4 → 1"));
  EXPECT_FALSE(differences(whole, *runs[0]).join(' ').contains("strategy.tp"));
  EXPECT_FALSE(differences(*runs[0], whole).join(' ').contains("strategy.tp"));

  over = false;
  reader.read(folder.filePath("base.toml"));
  ASSERT_TRUE(wait_until([&] { return over; }));
  EXPECT_TRUE(failure.contains("not a database")) << failure.toStdString();
}

}  // namespace
}  // namespace fleetwright::gui
