#include "planner/cli/estimators.hpp"

#include <utility>

#include "sim/simgrid/simulated_estimator.hpp"

namespace fleetwright::cli {

std::unique_ptr<Estimator> make_estimator(const std::string& engine, RunControl control) {
  if (engine == "analytic") return std::make_unique<AnalyticEstimator>(std::move(control));
  return std::make_unique<SimulatedEstimator>(std::move(control));
}

}  // namespace fleetwright::cli
