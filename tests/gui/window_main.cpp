#include <QApplication>
#include <QTextStream>
#include <QTimer>

#include "gui/code_editor.hpp"
#include "gui/main_window.hpp"
#include "gui/scenario_page.hpp"
#include "gui/theme.hpp"
#include "tests/gui/test_main.hpp"

namespace {

// Opens a scenario, writes a line into it and waits for the end that the test has for it.
int edit_and_wait(const QString& state, const QString& scenario) {
  fleetwright::gui::MainWindow window(state);
  window.show();
  if (!window.open(scenario)) return 1;
  window.scenario().editor().insertPlainText("# unsaved line\n");
  return QApplication::exec();
}

}  // namespace

int main(int argc, char** argv) {
  fleetwright::testing::prepare_without_display();
  const QApplication application(argc, argv);
  fleetwright::gui::apply_theme(fleetwright::gui::Theme::light);
  if (argc == 4 && QString(argv[1]) == "--edit-and-wait") return edit_and_wait(argv[2], argv[3]);
  return fleetwright::testing::run_gui_tests(argc, argv);
}
