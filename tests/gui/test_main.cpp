#include "tests/gui/test_main.hpp"

#include <gtest/gtest.h>

#include <QByteArray>
#include <QString>
#include <QtGlobal>
#include <filesystem>

namespace fleetwright::testing {
namespace {

// What Qt says about a machine without a desktop, whatever the program does.
bool is_about_the_machine(const QString& text) {
  return text.contains("propagateSizeHints") || text.contains("XDG_RUNTIME_DIR") ||
         text.contains("locale") || text.contains("does not support raise()");
}

void fail_on_warnings(QtMsgType type, const QMessageLogContext& /*context*/, const QString& text) {
  if (type == QtDebugMsg || type == QtInfoMsg || is_about_the_machine(text)) return;
  ADD_FAILURE() << "Qt warns: " << text.toStdString();
}

}  // namespace

void prepare_without_display() {
  if (!qEnvironmentVariableIsSet("QT_QPA_PLATFORM")) qputenv("QT_QPA_PLATFORM", "offscreen");
  qInstallMessageHandler(fail_on_warnings);
}

int run_gui_tests(int argc, char** argv) {
  if (!qEnvironmentVariableIsSet("FLEETWRIGHT_PROGRAM")) {
    const auto program =
        std::filesystem::read_symlink("/proc/self/exe").parent_path().parent_path() / "bin" /
        "fleetwright";
    qputenv("FLEETWRIGHT_PROGRAM", QByteArray::fromStdString(program.string()));
  }
  ::testing::InitGoogleTest(&argc, argv);
  return RUN_ALL_TESTS();
}

}  // namespace fleetwright::testing
