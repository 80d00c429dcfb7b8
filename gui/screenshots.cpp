#include "gui/screenshots.hpp"

#include <QApplication>
#include <QDir>
#include <QElapsedTimer>
#include <QEventLoop>
#include <QTemporaryDir>
#include <QTextStream>
#include <QTimer>
#include <functional>

#include "gui/fleet_page.hpp"
#include "gui/main_window.hpp"
#include "gui/page.hpp"
#include "gui/plans_page.hpp"
#include "gui/scenario_page.hpp"
#include "gui/side_lists.hpp"
#include "gui/theme.hpp"
#include "gui/validation_page.hpp"

namespace fleetwright::gui {
namespace {

constexpr QSize sizes[] = {{1280, 800}, {2560, 1440}};
constexpr int most_wait_ms = 1'200'000;

int complain(const QString& text) {
  QTextStream(stderr) << "fleetwright-gui: " << text << "\n";
  return 1;
}

// Lets the window work until `ready`, or for long enough that something is wrong.
bool wait_until(const std::function<bool()>& ready) {
  QElapsedTimer clock;
  clock.start();
  while (!ready() && clock.elapsed() < most_wait_ms) {
    QEventLoop loop;
    QTimer::singleShot(10, &loop, &QEventLoop::quit);
    loop.exec();
  }
  return ready();
}

// What Qt says about a machine without a desktop, which is what this is for.
void leave_out_noise(QtMsgType type, const QMessageLogContext& /*context*/, const QString& text) {
  if (text.contains("propagateSizeHints") || text.contains("XDG_RUNTIME_DIR")) return;
  if (type != QtDebugMsg) QTextStream(stderr) << text << "\n";
}

void settle() {
  QElapsedTimer clock;
  clock.start();
  wait_until([&] { return clock.elapsed() > 250; });
}

// Lets a page ask the program what it asks when it is shown.
void wait_for(MainWindow& window, Page& page) {
  if (&page == &window.validation()) wait_until([&] { return !window.validation().running(); });
  if (&page == &window.fleet()) wait_until([&] { return !window.fleet().asking(); });
  settle();
}

bool draw_page(MainWindow& window, Page& page, const QString& file) {
  window.show_page(page.objectName());
  wait_for(window, page);
  return window.grab().save(file, "PNG");
}

// Runs all scenarios and shows the last one's result; an exit code.
int run_all(MainWindow& window, const QStringList& scenarios, bool compare) {
  constexpr int wrong_input = 2;
  if (scenarios.isEmpty()) {
    complain("there is no scenario to run");
    return wrong_input;
  }
  int last = 0;
  for (const QString& scenario : scenarios) {
    if (!window.open(scenario)) return complain(window.status_text());
    last = window.run(RunMode::simulate);
  }
  // The page that compares needs a second run: the closed form, which is the check of the first.
  if (compare && scenarios.size() == 1) window.run(RunMode::estimate);
  wait_until([&] { return window.queue().idle(); });
  window.run_list().select_only(last);
  for (const auto& run : window.queue().runs()) {
    if (run->state == RunState::done) continue;
    return complain(run->name + ": " + run->failure);
  }
  return 0;
}

// The pages Plans and Fleet show what it finds.
void search_for_plans(MainWindow& window) {
  window.plans().search(window.scenario().file(), window.scenario().text());
  wait_until([&] { return !window.plans().searching(); });
}

int draw_all(MainWindow& window, const QDir& folder) {
  for (const Theme theme : {Theme::light, Theme::dark}) {
    apply_theme(theme);
    window.restyle();
    for (const QSize& size : sizes) {
      window.resize(size);
      for (Page* page : window.pages()) {
        const QString name =
            QStringLiteral("%1-%2-%3x%4.png")
                .arg(page->objectName().toLower(), theme == Theme::dark ? "dark" : "light")
                .arg(size.width())
                .arg(size.height());
        if (!draw_page(window, *page, folder.filePath(name))) {
          return complain(folder.filePath(name) + " cannot be written");
        }
      }
    }
  }
  return 0;
}

}  // namespace

void quieten_headless_qt() { qInstallMessageHandler(leave_out_noise); }

int draw_screenshots(const QString& folder, const QStringList& scenarios) {
  if (!QDir().mkpath(folder)) return complain(folder + " cannot be made");
  const QTemporaryDir state;
  apply_theme(Theme::light);
  MainWindow window(state.path());
  window.show();
  // Without a scenario, pages say what to do; after a failure, what went wrong. Both are to be
  // looked at too.
  if (scenarios.isEmpty()) return draw_all(window, QDir(folder));
  const int code = run_all(window, scenarios, true);
  if (!window.scenario().file().isEmpty()) search_for_plans(window);
  const int drawn = draw_all(window, QDir(folder));
  return code != 0 ? code : drawn;
}

int write_report(const QString& file, const QStringList& scenarios) {
  const QTemporaryDir state;
  apply_theme(Theme::light);
  MainWindow window(state.path());
  window.show();
  if (const int code = run_all(window, scenarios, false); code != 0) return code;
  for (Page* page : window.pages()) {
    window.show_page(page->objectName());
    wait_for(window, *page);
  }
  QString error;
  return window.write_pdf_of_run(file, error) ? 0 : complain(error);
}

}  // namespace fleetwright::gui
