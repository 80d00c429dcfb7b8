#include <gtest/gtest.h>

#include <QImage>
#include <QSvgRenderer>

#include "gui/fleet_page.hpp"
#include "gui/page_export.hpp"
#include "gui/plans_page.hpp"
#include "gui/report_file.hpp"
#include "gui/side_lists.hpp"
#include "gui/validation_page.hpp"
#include "tests/gui/window_fixture.hpp"

namespace fleetwright::gui {
namespace {

using testing::wait_until;

class Export : public WindowFixture {
 protected:
  QByteArray written(const QString& name) {
    QFile file(folder_.filePath(name));
    EXPECT_TRUE(file.open(QIODevice::ReadOnly)) << name.toStdString();
    return file.readAll();
  }
};

TEST_F(Export, WritesPicturesAndTablesOfEveryPage) {
  open();
  (void)run(RunMode::simulate);
  QString error;
  (void)run(RunMode::estimate);  // for the page that compares
  window_->run_list().select_only(1);
  window_->plans().search("small", testing::source_text("scenarios/gpt3-175b-a100.toml"));
  ASSERT_TRUE(wait_until([&] { return !window_->plans().searching(); }));
  for (Page* each : window_->pages()) {
    const QString name = each->objectName();
    Page& shown = page(name);
    ASSERT_TRUE(
        wait_until([&] { return !window_->fleet().asking() && !window_->validation().running(); }));
    for (const char* ending : {"png", "svg", "csv"}) {
      const QString file = name + "." + ending;
      ASSERT_TRUE(export_page(shown, folder_.filePath(file), error)) << error.toStdString();
      EXPECT_GT(written(file).size(), 200) << file.toStdString();
    }
    EXPECT_TRUE(QSvgRenderer(folder_.filePath(name + ".svg")).isValid());
    EXPECT_EQ(QImage(folder_.filePath(name + ".png")).width(), 2 * shown.picture_size().width());
  }
  EXPECT_TRUE(
      written("Summary.csv").startsWith("Quantity,Predicted,Published,Difference,Source\n"));
}

TEST_F(Export, SaysWhyItCannotWrite) {
  QString error;
  EXPECT_FALSE(export_page(page("Summary"), "/no/such/folder/a.csv", error));
  EXPECT_NE(error, "");
  EXPECT_FALSE(export_page(page("Summary"), folder_.filePath("a.gif"), error));
  EXPECT_TRUE(error.contains(".gif"));
}

TEST_F(Export, WritesBothReportsAsHtml) {
  open();
  const gui::Run& done = run();
  HtmlReport html;
  QString error = "none yet";
  int over = 0;
  QObject::connect(&html, &HtmlReport::written, &html, [&](const QString&, const QString& failure) {
    error = failure;
    ++over;
  });
  html.write(done, folder_.filePath("report.html"));
  ASSERT_TRUE(wait_until([&] { return over == 1; }));
  EXPECT_EQ(error, "");
  EXPECT_TRUE(written("report.html").contains("<html"));
  html.write(done, folder_.filePath("board.html"), HtmlKind::board);
  ASSERT_TRUE(wait_until([&] { return over == 2; }));
  EXPECT_EQ(error, "");
  EXPECT_TRUE(written("board.html").contains("<svg"));
  gui::Run of_a_sweep = done;
  of_a_sweep.of_sweep = true;
  html.write(of_a_sweep, folder_.filePath("none.html"));
  EXPECT_TRUE(error.contains("without its scenario"));
}

TEST_F(Export, WritesTheReportAsPdf) {
  open();
  (void)run();
  QString error;
  for (Page* each : window_->pages()) window_->show_page(each->objectName());
  ASSERT_TRUE(window_->write_pdf_of_run(folder_.filePath("report.pdf"), error))
      << error.toStdString();
  EXPECT_TRUE(written("report.pdf").startsWith("%PDF"));
  EXPECT_GT(written("report.pdf").size(), 10'000);
}

}  // namespace
}  // namespace fleetwright::gui
