#include <CLI/CLI.hpp>
#include <mpi.h>
#include "planner/search.hpp"
#include "sim/simgrid/engine.hpp"
#include <QString>  // refused: Qt belongs to gui
