#include <QApplication>
#include <QCommandLineParser>
#include <QDir>
#include <QIcon>
#include <QSettings>
#include <QStandardPaths>
#include <QTimer>
#include <QWindow>

#include "gui/main_window.hpp"
#include "gui/screenshots.hpp"
#include "gui/theme.hpp"

namespace {

// Whether files are wanted and no window: that needs no display, and Qt must know before it looks
// for one.
bool wants_files(int argc, char** argv) {
  for (int i = 1; i < argc; ++i) {
    const QByteArray argument(argv[i]);
    if (argument.startsWith("--screenshots") || argument.startsWith("--report")) return true;
  }
  return false;
}

fleetwright::gui::Theme theme_in(const QString& folder) {
  const QSettings settings(QDir(folder).filePath("window.ini"), QSettings::IniFormat);
  const QString name = settings.value("theme").toString();
  if (name == "dark") return fleetwright::gui::Theme::dark;
  if (name == "light") return fleetwright::gui::Theme::light;
  return fleetwright::gui::desktop_theme();
}

// Ends the program as soon as a window has been drawn.
class EndOnceShown : public QObject {
 public:
  bool eventFilter(QObject* watched, QEvent* event) override {
    if (event->type() == QEvent::Expose) QTimer::singleShot(0, qApp, &QApplication::quit);
    return QObject::eventFilter(watched, event);
  }
};

}  // namespace

int main(int argc, char** argv) {
  if (wants_files(argc, argv)) {
    qputenv("QT_QPA_PLATFORM", "offscreen");
    fleetwright::gui::quieten_headless_qt();
  }
  QApplication application(argc, argv);
  QApplication::setApplicationName("fleetwright-gui");
  QApplication::setApplicationDisplayName("fleetwright");
  QApplication::setDesktopFileName("fleetwright");
  QApplication::setWindowIcon(QIcon(":/fleetwright/desktop/fleetwright.svg"));
  QCommandLineParser parser;
  parser.setApplicationDescription(
      "Opens training scenarios, runs them with fleetwright, and shows where time and money go.");
  parser.addHelpOption();
  const QCommandLineOption screenshots("screenshots",
                                       "draw every page to PNG files in DIR, without a display, "
                                       "and end; without a scenario, the pages "
                                       "as they are while empty",
                                       "DIR");
  const QCommandLineOption report("report", "write the pages to a PDF, without a display, and end",
                                  "FILE");
  const QCommandLineOption state("state", "keep sizes, recent files and unsaved texts in DIR",
                                 "DIR");
  const QCommandLineOption until_shown(
      "until-shown", "end as soon as the window is there: how long a start takes");
  parser.addOptions({screenshots, report, state, until_shown});
  parser.addPositionalArgument("SCENARIO", "scenario files to open", "[SCENARIO...]");
  parser.process(application);

  const QStringList scenarios = parser.positionalArguments();
  if (parser.isSet(screenshots)) {
    return fleetwright::gui::draw_screenshots(parser.value(screenshots), scenarios);
  }
  if (parser.isSet(report)) {
    return fleetwright::gui::write_report(parser.value(report), scenarios);
  }
  const QString folder = parser.isSet(state)
                             ? parser.value(state)
                             : QStandardPaths::writableLocation(QStandardPaths::AppDataLocation);
  fleetwright::gui::apply_theme(theme_in(folder));
  fleetwright::gui::MainWindow window(folder);
  EndOnceShown end;
  window.winId();
  if (parser.isSet(until_shown)) window.windowHandle()->installEventFilter(&end);
  window.show();
  // The first is on top; all are among the recent ones.
  for (qsizetype i = scenarios.size() - 1; i >= 0; --i) {
    if (!window.open(scenarios[i])) qWarning("%s", qPrintable(window.status_text()));
  }
  if (scenarios.isEmpty()) window.open_last();
  return QApplication::exec();
}
