#include <gtest/gtest.h>

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QImage>
#include <QProcess>
#include <QSet>
#include <QTemporaryDir>

// The program itself draws its pages without a display.
namespace fleetwright::gui {
namespace {

constexpr int minutes = 4 * 60'000;  // a busy machine may take them; a hang ends here

class Screenshots : public ::testing::Test {
 protected:
  // `fleetwright-gui --screenshots FOLDER arguments`; its exit code.
  int draw(const QStringList& arguments) {
    const QDir tests(QCoreApplication::applicationDirPath());
    QProcess program;
    program.start(tests.filePath("../bin/fleetwright-gui"),
                  QStringList{"--screenshots", folder_.path()} + arguments);
    EXPECT_TRUE(program.waitForFinished(minutes));
    said_ = QString::fromUtf8(program.readAllStandardError());
    return program.exitStatus() == QProcess::NormalExit ? program.exitCode() : -1;
  }

  // Twelve pages, two themes and two sizes, and something on each.
  void expect_all_pictures() {
    const QFileInfoList pictures = QDir(folder_.path()).entryInfoList({"*.png"});
    EXPECT_EQ(pictures.size(), 12 * 2 * 2);
    for (const QFileInfo& file : pictures) {
      const QImage picture(file.filePath());
      const QSize size =
          file.fileName().contains("-1280x800") ? QSize(1280, 800) : QSize(2560, 1440);
      EXPECT_EQ(picture.size(), size) << file.fileName().toStdString();
      QSet<QRgb> colours;
      for (int y = 0; y < picture.height(); y += 3) {
        for (int x = 0; x < picture.width(); x += 3) colours << picture.pixel(x, y);
      }
      EXPECT_GT(colours.size(), 30) << file.fileName().toStdString();
    }
  }

  QTemporaryDir folder_;
  QString said_;
};

TEST_F(Screenshots, ShowEveryPageOfARun) {
  EXPECT_EQ(draw({"scenarios/gpt3-175b-a100.toml"}), 0);
  EXPECT_EQ(said_.toStdString(), "");
  expect_all_pictures();
}

TEST_F(Screenshots, ShowPagesThatAreEmpty) {
  EXPECT_EQ(draw({}), 0);
  EXPECT_EQ(said_.toStdString(), "");
  expect_all_pictures();
}

TEST_F(Screenshots, ShowWhatIsWrongWithAScenario) {
  QFile wrong(folder_.filePath("wrong.toml"));
  ASSERT_TRUE(wrong.open(QIODevice::WriteOnly));
  wrong.write("name = 5\n");
  wrong.close();
  EXPECT_EQ(draw({wrong.fileName()}), 1);
  EXPECT_TRUE(said_.contains("The scenario is wrong.")) << said_.toStdString();
  expect_all_pictures();
}

}  // namespace
}  // namespace fleetwright::gui
