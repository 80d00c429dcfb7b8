#include <simgrid/s4u.hpp>
#include "sim/cluster.hpp"
#include "sim/simgrid/engine.hpp"
#include <planner/search.hpp>  // refused: sim/simgrid may include only models/core models profiles sim sim/simgrid
