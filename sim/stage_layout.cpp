#include <algorithm>
#include <limits>
#include <numeric>

#include "models/stage_split.hpp"
#include "sim/program_builder.hpp"

namespace fleetwright {
namespace {

constexpr double infinite = std::numeric_limits<double>::infinity();

// Kernels of one forward and one backward pass through this content, alone on the GPU, or the time
// to launch them.
double pass_seconds(const StepSetup& setup, const StageContent& content,
                    const OperatorTimeModel& times) {
  double sum = 0;
  for (const Pass pass : {Pass::forward, Pass::backward}) {
    double kernels = 0, host = 0;
    for (const PassItem& item :
         pass_items(stage_operators(setup.job, content, pass), times, {}, setup.stack, false)) {
      kernels += item.time.si();
      host += item.host.si();
    }
    sum += std::max(kernels, host);
  }
  return sum;
}

/// Cuts `cost` into `parts` runs so that the largest sum is least, and among those the squares of
/// the sums. Parts may be empty only where there are more of them than costs.
std::vector<int> cut_evenly(const std::vector<double>& cost, double first, double last, int parts) {
  const std::size_t layers = cost.size();
  std::vector<double> prefix(layers + 1, 0.0);
  std::partial_sum(cost.begin(), cost.end(), prefix.begin() + 1);
  struct Best {
    double largest = infinite;
    double squares = infinite;
    std::size_t from = 0;
    auto operator<=>(const Best&) const = default;
  };
  const auto rows = static_cast<std::size_t>(parts);
  std::vector<std::vector<Best>> best(rows + 1, std::vector<Best>(layers + 1));
  best[0][0] = {0, 0, 0};
  for (std::size_t p = 1; p <= rows; ++p) {
    for (std::size_t end = 0; end <= layers; ++end) {
      for (std::size_t from = 0; from <= end; ++from) {
        const Best& before = best[p - 1][from];
        if (before.largest == infinite) continue;
        double sum = prefix[end] - prefix[from];
        if (p == 1) sum += first;
        if (p == rows) sum += last;
        const Best candidate{std::max(before.largest, sum), before.squares + sum * sum, from};
        if (std::pair(candidate.largest, candidate.squares) <
            std::pair(best[p][end].largest, best[p][end].squares)) {
          best[p][end] = candidate;
        }
      }
    }
  }
  std::vector<int> counts(rows);
  for (std::size_t p = rows, end = layers; p > 0; --p) {
    counts[p - 1] = static_cast<int>(end - best[p][end].from);
    end = best[p][end].from;
  }
  return counts;
}

/// What the ranks of a V compute: rank r holds stages r and stages - 1 - r.
class RankCosts {
 public:
  RankCosts(const std::vector<double>& layers, double first, double last)
      : first_(first), last_(last), prefix_(layers.size() + 1, 0.0) {
    std::partial_sum(layers.begin(), layers.end(), prefix_.begin() + 1);
  }

  /// The largest sum of a rank, and the squares of all.
  [[nodiscard]] std::pair<double, double> of(const std::vector<int>& counts) const {
    const std::size_t stages = counts.size();
    std::vector<double> ranks(stages / 2, 0.0);
    std::size_t layer = 0;
    for (std::size_t s = 0; s < stages; ++s) {
      const std::size_t end = layer + static_cast<std::size_t>(counts[s]);
      ranks[std::min(s, stages - 1 - s)] += prefix_[end] - prefix_[layer];
      layer = end;
    }
    ranks.front() += first_ + last_;
    double squares = 0;
    for (const double cost : ranks) squares += cost * cost;
    return {*std::ranges::max_element(ranks), squares};
  }

 private:
  double first_;
  double last_;
  std::vector<double> prefix_;
};

// Moves layers between stages, one at a time, as long as the slowest rank gets faster.
std::vector<int> balance_ranks(std::vector<int> counts, const RankCosts& costs) {
  auto best = costs.of(counts);
  for (bool better = true; better;) {
    better = false;
    const std::vector<int> from = counts;
    for (std::size_t giver = 0; giver < from.size(); ++giver) {
      for (std::size_t taker = 0; taker < from.size(); ++taker) {
        if (giver == taker || from[giver] == 0) continue;
        std::vector<int> moved = from;
        --moved[giver];
        ++moved[taker];
        const auto cost = costs.of(moved);
        if (cost >= best) continue;
        best = cost;
        counts = std::move(moved);
        better = true;
      }
    }
  }
  return counts;
}

bool is_v(const PipelinePlan& plan) {
  return plan.copies_of_each_stage == 1 && plan.stages_of_rank.front().size() == 2 &&
         plan.stages_of_rank.front().back() == plan.stages - 1;
}

}  // namespace

std::vector<StageContent> lay_out_stages(const StepSetup& setup, const OperatorTimeModel& times,
                                         const PipelinePlan& plan) {
  const bool given = !setup.job.strategy.stage_layers.empty();
  if (given || setup.pipeline_layout == "even") return stage_contents(setup.job, plan.stages);
  TrainingJob job = setup.job;
  const ModelConfig& model = setup.job.model;
  if (setup.pipeline_layout == "by-weight") {
    job.strategy.stage_layers = split_by_weight(model, plan.stages);
    return stage_contents(job, plan.stages);
  }
  std::vector<double> cost;
  for (int layer = 0; layer < model.layers; ++layer) {
    // Layers of one kind cost the same: dense ones come first, then MoE ones.
    const bool repeats = layer > 0 && model.is_moe_layer(layer) == model.is_moe_layer(layer - 1);
    cost.push_back(repeats ? cost.back() : pass_seconds(setup, {false, {layer}, false}, times));
  }
  StageContent end{false, {}, true};
  for (int i = 0; i < model.mtp_layers; ++i) end.layers.push_back(model.layers + i);
  const double first = pass_seconds(setup, {true, {}, false}, times);
  const double last = pass_seconds(setup, end, times);
  std::vector<int> counts = cut_evenly(cost, first, last, plan.stages);
  if (is_v(plan)) counts = balance_ranks(std::move(counts), RankCosts(cost, first, last));
  job.strategy.stage_layers = std::move(counts);
  return stage_contents(job, plan.stages);
}

}  // namespace fleetwright
