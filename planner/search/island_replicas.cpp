#include "planner/search/island_replicas.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <optional>
#include <utility>

#include "models/parameters.hpp"
#include "planner/feasibility.hpp"
#include "sim/topologies/topology.hpp"

namespace fleetwright {
namespace {

// Of each island: sizes to look at, and strategies of each to combine with those of the others.
constexpr std::size_t sizes_of_island = 2;
constexpr std::size_t strategies_of_size = 4;
constexpr int least_parts = 16;  // of a batch, to say roughly what each island takes of it
// Below this part of an island its other GPUs would be missed more than a smooth size helps.
constexpr double least_used = 0.8;
constexpr double smoothness_over_size = 4;

/// An island with a strategy, and its step by the sequences that it takes.
class IslandReplicas {
 public:
  IslandReplicas(const IslandPart& part, Candidate candidate)
      : part_(part),
        candidate_(std::move(candidate)),
        fabric_(build_fabric(candidate_.setup.cluster)),
        model_(candidate_.setup, fabric_) {}

  /// Sequences come in multiples of this.
  [[nodiscard]] int unit() const { return strategy().dp * strategy().micro_batch; }

  /// Infinite where the schedule does not take so few.
  [[nodiscard]] double seconds(int sequences) {
    ParallelStrategy s = strategy();
    s.global_batch = sequences;
    if (sequences < unit() || !strategy_rules(s).empty()) return HUGE_VAL;
    return model_.estimate(s).time.si() * over_closed_form();
  }

  [[nodiscard]] IslandPart part_with(int sequences) const {
    IslandPart part = part_;
    part.setup = candidate_.setup;
    part.setup.cluster.gpus = part_.setup.cluster.gpus;  // all there are; the rest is idle
    part.setup.job.strategy.global_batch = sequences;
    return part;
  }

 private:
  [[nodiscard]] const ParallelStrategy& strategy() const { return candidate_.setup.job.strategy; }
  // The longest path is known of one share of the batch alone.
  [[nodiscard]] double over_closed_form() const { return candidate_.time / candidate_.quick.time; }

  const IslandPart& part_;
  Candidate candidate_;
  Fabric fabric_;
  QuickStepModel model_;
};

using Choices = std::vector<std::unique_ptr<IslandReplicas>>;

// Fastest first as before; what only needs more memory is no other choice.
void keep_leanest_of_equals(std::vector<Candidate>& found) {
  std::ranges::stable_sort(found, {}, [](const Candidate& c) {
    return std::pair(c.quick.time.si(), c.quick.memory.si());
  });
  const auto rest = std::ranges::unique(found, {}, [](const Candidate& c) { return c.quick.time; });
  found.erase(rest.begin(), rest.end());
}

bool shards_optimizer(const ParallelStrategy& s) { return s.zero_stage == 1 || s.zero_stage == 2; }

// About the part of the batch that each island has time for, by its best step with all of it. In
// parts of the batch that keep most of its divisors.
std::vector<int> shares_of(const IslandQuestion& question, Searched& searched) {
  const int batch = question.islands.front().setup.job.strategy.global_batch;
  int parts = least_parts;
  while (parts < batch && batch % parts != 0) ++parts;
  std::vector<double> speeds;
  double all = 0;
  for (const IslandPart& part : question.islands) {
    StepSetup setup = part.setup;
    const std::vector<int> sizes = workable_sizes(setup, 1);
    if (!sizes.empty()) setup.cluster.gpus = sizes.front();
    Candidate leanest;
    const auto found = promising(setup, searched, leanest, shards_optimizer);
    speeds.push_back(found.empty() ? 0 : 1 / found.front().quick.time.si());
    all += speeds.back();
  }
  std::vector<int> shares;
  for (const double speed : speeds) {
    const double share = all > 0 ? std::round(parts * speed / all) : 1;
    shares.push_back(static_cast<int>(std::max(1.0, share)) * (batch / std::min(parts, batch)));
  }
  return shares;
}

Choices choices_of(const IslandPart& part, int share, Searched& searched, const RunControl& control,
                   CandidateMemory* memory) {
  Choices choices;
  Candidate leanest;
  for (const int gpus : sizes_to_look_at(part.setup, sizes_of_island)) {
    StepSetup setup = part.setup;
    setup.cluster.gpus = gpus;
    setup.job.strategy.global_batch = share;
    std::vector<Candidate> found = promising(setup, searched, leanest, shards_optimizer);
    keep_leanest_of_equals(found);
    searched.refined += static_cast<long>(found.size());
    // The closed form favours some schedules by more than strategies differ.
    refine(found, control, memory);
    if (found.size() > strategies_of_size) found.resize(strategies_of_size);
    for (Candidate& candidate : found) {
      choices.push_back(std::make_unique<IslandReplicas>(part, std::move(candidate)));
    }
  }
  return choices;
}

/// Deals a batch to one choice of each island.
class BatchDealing {
 public:
  BatchDealing(std::vector<IslandReplicas*> islands, int batch)
      : islands_(std::move(islands)), batch_(batch), shares_(islands_.size()) {}

  struct Dealt {
    double seconds = HUGE_VAL;
    std::vector<int> sequences;
  };
  Dealt best() {
    deal(0, batch_, 0);
    return best_;
  }

 private:
  void deal(std::size_t island, int left, double slowest) {
    IslandReplicas& here = *islands_[island];
    if (island + 1 == islands_.size()) {
      if (left % here.unit() != 0) return;
      const double seconds = std::max(slowest, here.seconds(left));
      if (seconds >= best_.seconds) return;
      shares_[island] = left;
      best_ = {seconds, shares_};
      return;
    }
    for (int share = here.unit(); share < left; share += here.unit()) {
      const double seconds = here.seconds(share);
      if (seconds == HUGE_VAL) continue;
      if (seconds >= best_.seconds) return;
      shares_[island] = share;
      deal(island + 1, left - share, std::max(slowest, seconds));
    }
  }

  std::vector<IslandReplicas*> islands_;
  int batch_;
  std::vector<int> shares_;
  Dealt best_;
};

/// Islands in a ring in the order they have, and their links; nothing where one is missing.
std::optional<std::vector<IslandLink>> ring_of(const IslandQuestion& question) {
  std::vector<IslandLink> ring;
  const int islands = static_cast<int>(question.islands.size());
  for (int i = 0; i < (islands == 2 ? 1 : islands); ++i) {
    const int next = (i + 1) % islands;
    const auto at = std::ranges::find_if(question.links, [&](const IslandLink& link) {
      return std::minmax(link.first, link.second) == std::minmax(i, next);
    });
    if (at == question.links.end()) return std::nullopt;
    ring.push_back(*at);
    ring.back().first = i;
    ring.back().second = next;
  }
  return ring;
}

// A ring carries the gradients of the whole model 2 (n - 1) / n times over each link.
double exchange_seconds(const IslandQuestion& question, const std::vector<IslandLink>& ring) {
  const auto islands = static_cast<double>(question.islands.size());
  double bytes = 0;
  for (const IslandPart& part : question.islands) {
    bytes = std::max(bytes, total_parameters(part.setup.job.model) *
                                part.setup.job.precision.gradient_reduce_bytes);
  }
  double slowest = 0;
  for (const IslandLink& link : ring) {
    slowest = std::max(slowest, 2 * (islands - 1) / islands * bytes / link.bandwidth.si());
  }
  return slowest;
}

}  // namespace

std::vector<int> workable_sizes(const StepSetup& setup, std::size_t most) {
  const Cluster& cluster = setup.cluster;
  const int batch = setup.job.strategy.global_batch;
  const auto splits = [&](int gpus) {
    int count = 0;
    for (int dp = 1; dp <= std::min(batch, gpus); ++dp) {
      if (batch % dp == 0 && gpus % dp == 0 && gpus / dp <= 8 * (setup.job.model.layers + 2)) {
        ++count;
      }
    }
    return count;
  };
  std::vector<std::pair<double, int>> sizes;
  for (int nodes = cluster.nodes(); nodes >= 1 && nodes >= least_used * cluster.nodes(); --nodes) {
    const int gpus = nodes * cluster.gpus_per_node;
    const double part = static_cast<double>(nodes) / cluster.nodes();
    sizes.emplace_back(-splits(gpus) * std::pow(part, smoothness_over_size), gpus);
  }
  std::ranges::sort(sizes);
  std::vector<int> out;
  for (const auto& [score, gpus] : sizes) {
    if (score < 0 && out.size() < most) out.push_back(gpus);
  }
  return out;
}

std::vector<int> sizes_to_look_at(const StepSetup& setup, std::size_t most) {
  std::vector<int> sizes = workable_sizes(setup, most);
  if (std::ranges::find(sizes, setup.cluster.gpus) == sizes.end()) {
    sizes.push_back(setup.cluster.gpus);
  }
  return sizes;
}

std::vector<QuickPlacement> replica_placements(const IslandQuestion& question, std::size_t most,
                                               Searched& searched, const RunControl& control,
                                               CandidateMemory* memory) {
  const auto ring = ring_of(question);
  if (!ring) return {};
  std::vector<Choices> choices;
  const std::vector<int> shares = shares_of(question, searched);
  for (std::size_t i = 0; i < shares.size(); ++i) {
    choices.push_back(choices_of(question.islands[i], shares[i], searched, control, memory));
    if (choices.back().empty()) return {};
  }
  const double exchange = exchange_seconds(question, *ring);
  const int batch = question.islands.front().setup.job.strategy.global_batch;
  std::vector<QuickPlacement> found;
  std::vector<std::size_t> chosen(choices.size(), 0);
  for (bool more = true; more;) {
    std::vector<IslandReplicas*> islands;
    for (std::size_t i = 0; i < chosen.size(); ++i) islands.push_back(choices[i][chosen[i]].get());
    const BatchDealing::Dealt dealt = BatchDealing(islands, batch).best();
    if (dealt.seconds < HUGE_VAL) {
      QuickPlacement placement{{IslandMode::replicas, {}, *ring},
                               Seconds{dealt.seconds + exchange}};
      for (std::size_t i = 0; i < islands.size(); ++i) {
        placement.job.parts.push_back(islands[i]->part_with(dealt.sequences[i]));
      }
      found.push_back(std::move(placement));
    }
    more = false;
    for (std::size_t i = 0; i < chosen.size() && !more; ++i) {
      more = ++chosen[i] < choices[i].size();
      if (!more) chosen[i] = 0;
    }
  }
  std::ranges::stable_sort(found, {}, [](const QuickPlacement& p) { return p.time.si(); });
  if (found.size() > most) found.resize(most);
  return found;
}

}  // namespace fleetwright
