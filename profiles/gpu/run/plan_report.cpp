#include "profiles/gpu/run/plan_report.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "profiles/gpu/run/sized_problem.hpp"

namespace fleetwright::gpu {
namespace {

// Of the tensor cores of these SMs, were they busy all the time.
double busy_share(const Operator& op, int sms, const hopper::HopperRates& rates, double cycles) {
  return flop(op).si() / (rates.tensor_flop * sms * cycles);
}

}  // namespace

std::string plan_report(const std::vector<Operator>& operators, int sms,
                        const hopper::HopperRates& rates, std::size_t most) {
  std::string text = fmt::format("{:<48} {:>9} {:>7} {:>6} {:>4} {:>6} {:>5} {:>10} {:>5}  {}\n",
                                 fmt::format("on {} SMs", sms), "tile", "cluster", "stages", "band",
                                 "tiles", "waves", "cycles", "busy", "bound by");
  for (const Operator& op : operators) {
    const auto p = sized_problem(op);
    if (!p) continue;
    const auto costs = hopper::fp8_candidates(p->problem, p->sizes, sms, rates);
    for (std::size_t c = 0; c < std::min(most, costs.size()); ++c) {
      const hopper::Fp8Cost& cost = costs[c];
      const hopper::Fp8Plan& plan = cost.plan;
      text +=
          fmt::format("{:<48} {:>9} {:>7} {:>6} {:>4} {:>6} {:>5} {:>10.0f} {:>4.0f}%  {}\n",
                      c == 0 ? describe(op) : "", fmt::format("{}x{}", plan.tile_m, plan.tile_n),
                      plan.cluster, plan.stages, plan.band, cost.tiles, cost.waves, cost.cycles,
                      100 * busy_share(op, sms, rates, cost.cycles), cost.bound);
    }
  }
  return text;
}

}  // namespace fleetwright::gpu
