#include <CLI/CLI.hpp>  // refused: CLI11 belongs to planner/cli and profiles/gpu
#include <sqlite3.h>
#include "planner/cli/main.hpp"  // refused: planner may include only models/core models profiles sim planner
#include "sim/simgrid/engine.hpp"  // refused: only planner/cli, sim/simgrid and tests may include sim/simgrid
