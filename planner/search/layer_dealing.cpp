#include "planner/search/layer_dealing.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

namespace fleetwright {
namespace {

/// The ranks under a dealing: the slowest, and the squares of all.
using Cost = std::pair<double, double>;

class Dealing {
 public:
  Dealing(const PipelinePlan& plan, const std::vector<RankSpeed>& ranks, int dense_layers)
      : ranks_(ranks),
        dense_layers_(dense_layers),
        rank_of_(static_cast<std::size_t>(plan.stages)) {
    for (std::size_t rank = 0; rank < plan.stages_of_rank.size(); ++rank) {
      for (const int stage : plan.stages_of_rank[rank]) {
        rank_of_[static_cast<std::size_t>(stage)] = rank;
      }
    }
  }

  /// Each layer to the rank that would be done first with it, in the order of the stages.
  [[nodiscard]] std::vector<int> first_guess(int layers) const {
    std::vector<double> time(ranks_.size(), 0.0);
    std::vector<int> held(ranks_.size(), 0);
    time[rank_of_.front()] += ranks_[rank_of_.front()].first;
    time[rank_of_.back()] += ranks_[rank_of_.back()].last;
    for (int layer = 0; layer < layers; ++layer) {
      std::size_t best = 0;
      for (std::size_t r = 1; r < ranks_.size(); ++r) {
        const auto after = [&](std::size_t rank) {
          const bool full = held[rank] >= ranks_[rank].most_layers;
          return std::pair(full, time[rank] + ranks_[rank].expert_layer);
        };
        if (after(r) < after(best)) best = r;
      }
      ++held[best];
      time[best] += ranks_[best].expert_layer;
    }
    std::vector<int> stages_left(ranks_.size(), 0);
    for (const std::size_t rank : rank_of_) ++stages_left[rank];
    std::vector<int> counts;
    for (const std::size_t rank : rank_of_) {
      const int part = (held[rank] + stages_left[rank] - 1) / stages_left[rank];
      counts.push_back(part);
      held[rank] -= part;
      --stages_left[rank];
    }
    return counts;
  }

  [[nodiscard]] Cost cost(const std::vector<int>& counts) const {
    std::vector<double> time(ranks_.size(), 0.0);
    time[rank_of_.front()] += ranks_[rank_of_.front()].first;
    time[rank_of_.back()] += ranks_[rank_of_.back()].last;
    int layer = 0;
    for (std::size_t stage = 0; stage < counts.size(); ++stage) {
      const RankSpeed& speed = ranks_[rank_of_[stage]];
      const int dense = std::clamp(dense_layers_ - layer, 0, counts[stage]);
      time[rank_of_[stage]] +=
          dense * speed.dense_layer + (counts[stage] - dense) * speed.expert_layer;
      layer += counts[stage];
    }
    Cost cost{0, 0};
    for (const double t : time) {
      cost.first = std::max(cost.first, t);
      cost.second += t * t;
    }
    return cost;
  }

  [[nodiscard]] bool has_room(const std::vector<int>& counts) const {
    std::vector<int> held(ranks_.size(), 0);
    for (std::size_t stage = 0; stage < counts.size(); ++stage) {
      held[rank_of_[stage]] += counts[stage];
    }
    for (std::size_t rank = 0; rank < ranks_.size(); ++rank) {
      if (held[rank] > ranks_[rank].most_layers) return false;
    }
    return true;
  }

 private:
  const std::vector<RankSpeed>& ranks_;
  int dense_layers_;
  std::vector<std::size_t> rank_of_;  // of each stage
};

}  // namespace

std::optional<std::vector<int>> deal_layers(const PipelinePlan& plan,
                                            const std::vector<RankSpeed>& ranks, int layers,
                                            int dense_layers) {
  const int room = std::accumulate(ranks.begin(), ranks.end(), 0, [&](int sum, const RankSpeed& r) {
    return sum + std::clamp(r.most_layers, 0, layers);
  });
  if (room < layers) return std::nullopt;
  const Dealing dealing(plan, ranks, dense_layers);
  std::vector<int> counts = dealing.first_guess(layers);
  // One layer at a time from a stage to another, as long as that helps.
  Cost best = dealing.cost(counts);
  for (bool better = true; better;) {
    better = false;
    const std::vector<int> from = counts;
    for (std::size_t giver = 0; giver < from.size(); ++giver) {
      for (std::size_t taker = 0; taker < from.size(); ++taker) {
        if (giver == taker || from[giver] == 0) continue;
        std::vector<int> moved = from;
        --moved[giver];
        ++moved[taker];
        const Cost cost = dealing.cost(moved);
        if (cost >= best || !dealing.has_room(moved)) continue;
        best = cost;
        counts = std::move(moved);
        better = true;
      }
    }
  }
  return counts;
}

}  // namespace fleetwright
