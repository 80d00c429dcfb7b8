#include "planner/cli/trace_file.hpp"

#include "planner/cli/result.hpp"
#include "planner/output/trace_json.hpp"
#include "planner/output/trace_paje.hpp"

namespace fleetwright::cli {

void write_trace(const StepEstimate& step, const std::string& file) {
  const int ranks = static_cast<int>(step.ranks.size());
  write_result(
      file.ends_with(".paje") ? trace_paje(step.trace, ranks) : trace_json(step.trace, ranks),
      file);
}

}  // namespace fleetwright::cli
