#include <QString>
#include "gui/models/run.hpp"
#include "models/core/error.hpp"
#include "planner/report.hpp"  // refused: gui/models may include only models/core gui/models
#include "gui/main_window.hpp"  // refused: gui/models may include only models/core gui/models
