#include "planner/cli/estimators.hpp"

#include "sim/simgrid/simulated_estimator.hpp"

namespace fleetwright::cli {

std::unique_ptr<Estimator> make_estimator(const std::string& engine) {
  if (engine == "analytic") return std::make_unique<AnalyticEstimator>();
  return std::make_unique<SimulatedEstimator>();
}

}  // namespace fleetwright::cli
