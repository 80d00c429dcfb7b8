#include <simgrid/s4u.hpp>  // refused: SimGrid belongs to sim/simgrid
#include "sim/simgrid/engine.hpp"  // refused: only planner/cli, sim/simgrid and tests may include sim/simgrid
#include "planner/scenario.hpp"  // refused: sim may include only models/core models profiles sim
#include "profiles/link.hpp"
