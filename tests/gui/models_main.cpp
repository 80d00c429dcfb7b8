#include <QCoreApplication>

#include "tests/gui/test_main.hpp"

int main(int argc, char** argv) {
  fleetwright::testing::prepare_without_display();
  const QCoreApplication application(argc, argv);
  return fleetwright::testing::run_gui_tests(argc, argv);
}
