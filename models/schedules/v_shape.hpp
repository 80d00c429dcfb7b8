#pragma once

#include <array>
#include <string_view>
#include <vector>

#include "models/schedules/pipeline_schedule.hpp"

namespace fleetwright {

/// When the first micro-batch passes each rank, in units of a pass. It takes four legs: forward
/// down the ranks through their first stages, forward back up through their second ones, backward
/// (the input gradient) down again and backward up.
using BuildingBlock = std::vector<std::array<int, 4>>;  // [rank][leg]

/// A V-shaped schedule with controllable memory (arXiv 2405.15362): rank r holds stages r and
/// 2p - 1 - r; a building block repeats every six passes (two forwards, input and weight gradients
/// each), which bounds the activations alive; then passes move into gaps without raising that
/// bound. Orders are for passes of equal length, as in the paper. Its authors' software searches
/// with measured lengths, which is not modelled.
class VShape : public PipelineSchedule {
 public:
  [[nodiscard]] std::optional<int> fixed_chunks() const final { return 2; }
  [[nodiscard]] std::optional<std::string> refuses(const PipelineShape& shape) const final;
  [[nodiscard]] PipelinePlan plan(const PipelineShape& shape) const final;
  [[nodiscard]] std::optional<double> bubble(const PipelineShape&, double, double, double,
                                             double) const override {
    return std::nullopt;
  }

 private:
  [[nodiscard]] virtual std::string_view name() const = 0;
  /// The passes of a rank must fall on different sixths of the period.
  [[nodiscard]] virtual BuildingBlock building_block(int ranks) const = 0;
};

}  // namespace fleetwright
