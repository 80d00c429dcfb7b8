#pragma once

#include <map>
#include <memory>
#include <optional>
#include <tuple>
#include <utility>

#include "profiles/operator_time.hpp"
#include "sim/fabric.hpp"
#include "sim/step_estimate.hpp"

namespace fleetwright {

/// A step in closed form: good enough to tell a thousand strategies from the few that are worth
/// a longest path. Kernels and collectives are those of the full estimate, for one layer of each
/// kind; what is simplified is how they add up: no contention, transfers hide only where the
/// schedule promises it, stages are alike but for the fullest.
struct QuickStep {
  Seconds time;
  Bytes memory;  // of the first pipeline rank, which keeps the most micro-batches
};

/// Estimates steps of one model on one cluster, remembering what strategies have in common. Not for
/// use by several threads at once.
class QuickStepModel {
 public:
  /// One pass through a part of the model: kernels, and transfers that they wait for.
  struct PassCost {
    double compute = 0;
    double communication = 0;
  };
  struct PartCost {
    PassCost forward, backward;
    double weight_gradient = 0;     // the part of the backward pass's kernels that it is
    double kept = 0;                // bytes for the backward pass of one micro-batch
    double operands = 0;            // of it, what weight gradients need after the input gradient
    double dense = 0, experts = 0;  // parameters of a GPU
  };
  struct Costs {
    PartCost dense_layer, expert_layer, head, embedding;
    double buffers = 0;
  };
  /// Seconds to reduce a byte of gradients: those of dense parameters, those of experts.
  struct Exchange {
    double dense = 0, experts = 0;
  };

  /// Both must outlive this. The setup's strategy gives the global batch; its layout is ignored.
  QuickStepModel(const StepSetup& setup, const Fabric& fabric);

  /// The strategy must keep to the rules between settings (broken_rules()).
  [[nodiscard]] QuickStep estimate(const ParallelStrategy& strategy);

  // What it is made of, for steps that are put together in another way.

  const Costs& costs(const ParallelStrategy& strategy);
  const Exchange& exchange(const ParallelStrategy& strategy);
  /// The model in layers of its main kind: light ones and the head weigh as much as they take time.
  [[nodiscard]] double weight_in_layers(const Costs& costs) const;
  /// What one layer of the main kind takes for a micro-batch, by the strategy's schedule.
  struct LayerPass {
    double steady = 0;  // where the pipeline is full
    double bubble = 0;  // times ranks - 1, at its ends
  };
  [[nodiscard]] LayerPass layer_pass(const ParallelStrategy& strategy, const Costs& costs) const;
  /// What is seen of an exchange of gradients and parameters that takes `exchange` seconds alone:
  /// a stack may reduce gradients beside the last micro-batch, on which a rank computes `passes`.
  [[nodiscard]] double seen_of_exchange(double exchange, double passes) const;

 private:
  using CostKey = std::tuple<int, int, int, int, bool, int, int, bool>;
  using ExchangeKey = std::tuple<int, int, int, int, int, int>;

  [[nodiscard]] StepSetup with(const ParallelStrategy& strategy) const;
  [[nodiscard]] PartCost cost_of(const StepSetup& setup, const StageContent& content) const;
  /// Layers of the fullest rank; the head weighs as many as it takes time.
  [[nodiscard]] double layers_on_rank(const ParallelStrategy& strategy, const Costs& costs) const;

  const StepSetup& setup_;
  const Fabric& fabric_;
  std::unique_ptr<OperatorTimeModel> times_;
  std::map<CostKey, Costs> costs_;
  std::map<ExchangeKey, Exchange> exchanges_;
  // Those of the strategy before: neighbours in a search share them.
  std::pair<CostKey, const Costs*> last_costs_{};
  std::pair<ExchangeKey, const Exchange*> last_exchange_{};
};

}  // namespace fleetwright
