#include <QtWidgets/QApplication>
#include "main.moc"
#include "planner/report.hpp"
#include "sim/simgrid/engine.hpp"  // refused: only planner/cli, sim/simgrid and tests may include sim/simgrid
#include "gui/main_window.hpp"
