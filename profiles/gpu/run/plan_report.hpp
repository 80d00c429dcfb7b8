#pragma once

#include <string>
#include <vector>

#include "models/operators.hpp"
#include "profiles/gpu/kernels/hopper/fp8_plan.hpp"

namespace fleetwright::gpu {

/// The cheapest plans of each FP8 product of ours among the operators on so many SMs, `most` of
/// each: a table. Other operators are passed over.
[[nodiscard]] std::string plan_report(const std::vector<Operator>& operators, int sms,
                                      const hopper::HopperRates& rates, std::size_t most);

}  // namespace fleetwright::gpu
