#pragma once

#include <optional>
#include <vector>

#include "models/schedules/pipeline_schedule.hpp"

namespace fleetwright {

/// What layers cost a pipeline rank, in any unit of time that all ranks share.
struct RankSpeed {
  double dense_layer = 0;
  double expert_layer = 0;
  double first = 0;  // the embedding, were it on this rank
  double last = 0;   // head, loss and prediction modules, were they
  int most_layers = 0;
};

/// Deals the decoder layers of a model to the stages of a plan, so that the slowest rank is as fast
/// as it can be and none holds more than it has room for. The first `dense_layers` are dense.
/// Nothing where the ranks have not room for all.
[[nodiscard]] std::optional<std::vector<int>> deal_layers(const PipelinePlan& plan,
                                                          const std::vector<RankSpeed>& ranks,
                                                          int layers, int dense_layers);

}  // namespace fleetwright
