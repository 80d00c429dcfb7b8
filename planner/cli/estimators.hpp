#pragma once

#include <memory>
#include <string>

#include "sim/estimator.hpp"

namespace fleetwright::cli {

/// "analytic" or "simgrid".
[[nodiscard]] std::unique_ptr<Estimator> make_estimator(const std::string& engine,
                                                        RunControl control);

}  // namespace fleetwright::cli
