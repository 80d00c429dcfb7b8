#include "sim/simgrid/simgrid_engine.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <string>

namespace fleetwright {
namespace {

// Flows of unevenly routed tokens can be that much larger than those of even ones.
constexpr int headroom_bits = 6;

// A step is about 2^38 ticks, so that a comm's late start is nothing beside it. What SimGrid takes
// for the same instant is more than what its clock is off by, 2^-52 of the time, and less than a
// late start.
constexpr int step_bits = 38;
constexpr double same_instant = 1.0 / 1024;

}  // namespace

EngineUnits units_of(const ColumnStep& step, Seconds end) {
  double most = 1.0;
  step.for_each_flow([&](int /*column*/, std::uint32_t /*lane*/, const FlowOnLinks& flow) {
    most = std::max(most, flow.bytes.si());
  });
  EngineUnits units;
  // Just below 2^62 for the largest flow leaves the smallest ones the most digits.
  units.units_per_byte = std::ldexp(1.0, 62 - std::ilogb(most) - 1 - headroom_bits);
  if (end > Seconds{0}) units.ticks_per_second = std::ldexp(1.0, step_bits - std::ilogb(end.si()));
  return units;
}

// CM02: max-min sharing without corrections for TCP; a gamma without bound leaves windows out too.
// Crosstraffic would ask for a way back for acknowledgements. maxmin/precision is how much of a
// link counts as nothing left: by default 1e-5, and what a flow of a large weight leaves may be
// less.
simgrid::s4u::Engine make_engine() {
  std::array<std::string, 7> arguments{"fleetwright",
                                       "--log=root.thres:critical",
                                       "--cfg=network/model:CM02",
                                       "--cfg=network/TCP-gamma:1e300",
                                       "--cfg=network/crosstraffic:0",
                                       "--cfg=maxmin/precision:1e-9",
                                       fmt::format("--cfg=surf/precision:{}", same_instant)};
  std::array<char*, arguments.size() + 1> argv{};
  std::transform(arguments.begin(), arguments.end(), argv.begin(),
                 [](std::string& argument) { return argument.data(); });
  int argc = static_cast<int>(arguments.size());
  return simgrid::s4u::Engine(&argc, argv.data());
}

}  // namespace fleetwright
