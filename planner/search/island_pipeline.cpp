#include "planner/search/island_pipeline.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <memory>
#include <numeric>
#include <optional>
#include <tuple>
#include <utility>

#include "planner/feasibility.hpp"
#include "planner/search/layer_dealing.hpp"
#include "planner/search/quick_step.hpp"
#include "sim/program_builder.hpp"
#include "sim/step_machines.hpp"
#include "sim/topologies/topology.hpp"

namespace fleetwright {
namespace {

constexpr double infinite = std::numeric_limits<double>::infinity();
constexpr int largest_micro_batch = 8;
// Schedules without a second copy of each stage, in which ranks may be unlike.
constexpr std::string_view schedules[] = {"1f1b", "zb-h1", "zb-v", "dualpipe-v"};
// Of one batch split and schedule: others would differ from these by a rank or a layer.
constexpr std::size_t most_alike = 2;
constexpr int long_pipeline = 64;  // of which a schedule's bubble is taken, in parts of a pass
constexpr double memory_kept_free = 0.02;  // for what the closed form leaves out

std::vector<int> divisors(int n) {
  std::vector<int> out;
  for (int d = 1; d <= n; ++d) {
    if (n % d == 0) out.push_back(d);
  }
  return out;
}

/// One way to run a rank on an island, in terms of its layers.
struct RankOption {
  ParallelStrategy strategy;      // of a rank; pp is set later
  double steady = 0, bubble = 0;  // a layer's seconds for a micro-batch
  double held = 0;                // bytes of a layer's parameters, gradients and optimizer
  double kept = 0;                // bytes of a layer for each micro-batch in flight
  double ends = 0;                // bytes of embedding or head and what the loss needs
  double weight = 0;              // of the model, in layers
  QuickStepModel::Costs costs;

  /// Layers that a rank of this memory holds.
  [[nodiscard]] int most_layers(double memory, double in_flight) const {
    return static_cast<int>(std::max(0.0, (memory - ends) / (held + in_flight * kept)));
  }
};

/// Options of the same width, fastest first.
struct Width {
  int gpus = 0;
  std::vector<RankOption> options;
};

/// What an island is asked for: ranks of a width, layers each.
struct Share {
  const Width* width = nullptr;
  int ranks = 0;
  int layers = 0;
};

class Machines {
 public:
  explicit Machines(const IslandPart& part)
      : part_(part),
        fabric_(build_fabric(part.setup.cluster)),
        model_(part.setup, fabric_),
        memory_(part.setup.cluster.accelerator.memory_capacity.value.si() *
                (1 - memory_kept_free)) {}

  [[nodiscard]] const IslandPart& part() const { return part_; }
  [[nodiscard]] double memory() const { return memory_; }
  [[nodiscard]] int gpus() const { return part_.setup.cluster.gpus; }

  /// Ranks of `dp` replicas in every width that the island has room for.
  [[nodiscard]] std::vector<Width> widths(const ParallelStrategy& common) {
    std::vector<Width> out;
    const ModelConfig& m = part_.setup.job.model;
    for (int tp = 1; tp <= part_.setup.cluster.gpus_per_node && m.heads % tp == 0; tp *= 2) {
      ParallelStrategy s = common;
      s.tp = tp;
      s.pp = long_pipeline;
      s.sequence_parallel = tp > 1;
      Width width{tp * s.dp, {}};
      if (width.gpus > gpus()) break;
      for (const int ep : m.moe ? divisors(m.moe->experts) : std::vector{1}) {
        s.ep = ep;
        if (width.gpus % ep != 0) continue;
        for (const Recompute recompute : {Recompute::none, Recompute::selective, Recompute::full}) {
          s.recompute = recompute;
          for (const int zero : s.dp > 1 ? std::vector{1, 2} : std::vector{0}) {
            s.zero_stage = zero;
            width.options.push_back(option(s));
          }
        }
      }
      std::ranges::stable_sort(width.options, {}, &RankOption::steady);
      out.push_back(std::move(width));
    }
    return out;
  }

  /// Seconds of a rank with that many layers at the end of a step: gradients down, parameters up.
  [[nodiscard]] double update(const RankOption& o, int layers) {
    const QuickStepModel::Exchange& x = model_.exchange(o.strategy);
    const PrecisionRecipe& p = part_.setup.job.precision;
    const QuickStepModel::PartCost& layer = o.costs.expert_layer;
    const double exchange = (layer.dense * x.dense + layer.experts * x.experts) *
                            (p.gradient_reduce_bytes + p.parameter_gather_bytes);
    const double passes = layer.forward.compute + layer.backward.compute;
    return model_.seen_of_exchange(layers * exchange, layers * passes);
  }

 private:
  RankOption option(const ParallelStrategy& s) {
    RankOption o;
    o.strategy = s;
    o.costs = model_.costs(s);
    const auto pass = model_.layer_pass(s, o.costs);
    o.steady = pass.steady;
    o.bubble = pass.bubble;
    o.weight = model_.weight_in_layers(o.costs);
    const QuickStepModel::PartCost& layer = o.costs.expert_layer;
    const PrecisionRecipe& p = part_.setup.job.precision;
    const auto bytes = [&](double dense, double experts) {
      const auto part = [&](int stage, double each) {
        const bool shares = s.zero_stage >= stage;
        return each *
               (dense / (shares ? s.dp : 1) + experts / (shares ? std::max(1, s.expert_dp()) : 1));
      };
      return part(3, p.weight_bytes) + part(2, p.gradient_bytes) +
             part(1, p.master_bytes + p.moment_bytes);
    };
    o.held = bytes(layer.dense, layer.experts);
    const bool splits = s.schedule.starts_with("zb");
    o.kept = splits ? std::max(layer.kept, layer.operands) : layer.kept;
    o.ends = bytes(std::max(o.costs.head.dense, o.costs.embedding.dense), 0) + o.costs.buffers;
    return o;
  }

  const IslandPart& part_;
  Fabric fabric_;
  QuickStepModel model_;
  double memory_;
};

/// One order of islands, one split of the batch, one schedule.
class Walk {
 public:
  Walk(const std::vector<Machines*>& order, const std::vector<const IslandLink*>& links,
       ParallelStrategy common, double cutoff)
      : order_(order), links_(links), common_(std::move(common)), cutoff_(cutoff) {
    for (Machines* machines : order_) widths_.push_back(machines->widths(common_));
    share_.resize(order_.size());
    const StepSetup& setup = order_.front()->part().setup;
    const double all = static_cast<double>(common_.dp) * common_.micro_batch *
                       setup.job.sequence_length * setup.job.model.hidden * 2;
    const double crossings = common_.schedule.ends_with("-v") ? 2 : 1;
    for (const IslandLink* link : links_) {
      between_ = std::max(between_, crossings * all / link->bandwidth.si());
    }
  }

  std::vector<QuickPlacement> run(long& looked_at) {
    if (std::ranges::all_of(widths_, [](const auto& w) { return !w.empty(); })) {
      choose(0, widths_.front().front().options.front().weight);
    }
    looked_at += looked_at_;
    std::vector<QuickPlacement> out;
    for (const Found& found : found_) {
      if (auto job = placement(found)) out.push_back({std::move(*job), Seconds{found.time}});
    }
    return out;
  }

 private:
  struct Found {
    double time = infinite;
    std::vector<Share> shares;
    std::vector<const RankOption*> options;
  };

  // Layers left are those that the islands from `island` on have to hold.
  void choose(std::size_t island, double left) {
    for (const Width& width : widths_[island]) {
      const int most_ranks =
          std::min(order_[island]->gpus() / width.gpus, static_cast<int>(std::ceil(left)) + 1);
      const bool last = island + 1 == order_.size();
      int all_before = 0;
      for (int ranks = 1; ranks <= most_ranks; ++ranks) {
        const int all = std::max(1, static_cast<int>(std::ceil((left - 0.25) / ranks)));
        // More ranks with as many layers each only have a longer bubble.
        if (last && all == std::exchange(all_before, all)) continue;
        for (int layers = last ? all : 1; layers <= all; ++layers) {
          // What the island does not pay for in time, others cannot make up.
          if (layers * width.options.front().steady * common_.micro_batches() >= limit()) break;
          share_[island] = {&width, ranks, layers};
          if (last) {
            time();
          } else if (ranks * layers < left) {
            choose(island + 1, left - ranks * layers);
          }
        }
      }
    }
  }

  [[nodiscard]] double limit() const {
    return std::min(cutoff_, found_.size() < most_alike ? infinite : found_.back().time);
  }

  [[nodiscard]] double in_flight(int before, int all) const {
    if (common_.schedule == "dualpipe-v") return all + 1;
    const double m = common_.micro_batches();
    return std::min<double>(m, common_.schedule == "zb-v" ? all : all - before);
  }

  void time() {
    ++looked_at_;
    int all = 0;
    for (const Share& share : share_) all += share.ranks;
    ParallelStrategy whole = common_;
    whole.pp = all;
    const double m = common_.micro_batches();
    double slowest = between_, filled = 0;
    int before = 0;
    std::vector<const RankOption*> options;
    for (std::size_t i = 0; i < share_.size(); ++i) {
      const Share& share = share_[i];
      const double flight = in_flight(before, all);
      const auto fits = [&](const RankOption& o) {
        return o.most_layers(order_[i]->memory(), flight) >= share.layers;
      };
      const auto option = std::ranges::find_if(share.width->options, fits);
      if (option == share.width->options.end()) return;
      options.push_back(&*option);
      slowest = std::max(slowest, option->steady * share.layers);
      filled += share.ranks * share.layers * option->bubble;
      before += share.ranks;
    }
    double t = m * slowest + filled * (all - 1) / all;
    if (t >= limit()) return;
    double update = 0;
    for (std::size_t i = 0; i < share_.size(); ++i) {
      update = std::max(update, order_[i]->update(*options[i], share_[i].layers));
    }
    t += update;
    if (t >= limit() || !strategy_rules(whole).empty()) return;
    found_.push_back({t, share_, std::move(options)});
    std::ranges::stable_sort(found_, {}, &Found::time);
    if (found_.size() > most_alike) found_.resize(most_alike);
  }

  [[nodiscard]] std::optional<IslandJob> placement(const Found& found) const {
    IslandJob job;
    job.mode = IslandMode::pipeline;
    ParallelStrategy whole = common_;
    whole.pp = 0;
    for (const Share& share : found.shares) whole.pp += share.ranks;
    std::vector<RankSpeed> speeds;
    int before = 0;
    const ModelConfig& model = order_.front()->part().setup.job.model;
    for (std::size_t i = 0; i < order_.size(); ++i) {
      IslandPart part = order_[i]->part();
      const RankOption& o = *found.options[i];
      part.setup.job.strategy = o.strategy;
      part.setup.job.strategy.pp = found.shares[i].ranks;
      job.parts.push_back(std::move(part));
      const auto both = [](const QuickStepModel::PartCost& c) {
        return c.forward.compute + c.backward.compute;
      };
      const double scale = o.steady / both(o.costs.expert_layer);
      const double dense = both(o.costs.dense_layer) * (model.moe ? 1.0 : scale);
      const int room = o.most_layers(order_[i]->memory(), in_flight(before, whole.pp));
      for (int rank = 0; rank < found.shares[i].ranks; ++rank) {
        speeds.push_back({dense, o.steady, both(o.costs.embedding),
                          both(o.costs.head) * (1 + model.mtp_layers) + o.steady * model.mtp_layers,
                          room});
      }
      before += found.shares[i].ranks;
    }
    // A V puts the last stage on the first rank.
    RankSpeed& end = whole.schedule.ends_with("-v") ? speeds.front() : speeds.back();
    if (end.most_layers < model.mtp_layers) return std::nullopt;
    end.most_layers -= model.mtp_layers;
    const auto layers = deal_layers(pipeline_plan(whole), speeds, model.layers,
                                    model.moe ? model.moe->first_dense_layers : 0);
    if (!layers) return std::nullopt;
    job.parts.front().setup.job.strategy.stage_layers = *layers;
    for (std::size_t i = 0; i < links_.size(); ++i) {
      IslandLink link = *links_[i];
      link.first = static_cast<int>(i);
      link.second = static_cast<int>(i) + 1;
      job.links.push_back(link);
    }
    return job;
  }

  const std::vector<Machines*>& order_;
  const std::vector<const IslandLink*>& links_;  // of neighbours
  ParallelStrategy common_;
  double cutoff_;
  std::vector<std::vector<Width>> widths_;  // of each island
  std::vector<Share> share_;
  std::vector<Found> found_;  // fastest first
  double between_ = 0;        // seconds of a micro-batch on the slowest link
  long looked_at_ = 0;
};

// What a walk decides about.
auto choices(const ParallelStrategy& s) {
  return std::tie(s.tp, s.pp, s.dp, s.ep, s.zero_stage, s.recompute, s.micro_batch, s.schedule,
                  s.stage_layers);
}

bool alike(const IslandJob& a, const IslandJob& b) {
  return std::ranges::equal(a.parts, b.parts, [](const IslandPart& p, const IslandPart& q) {
    return p.name == q.name && choices(p.setup.job.strategy) == choices(q.setup.job.strategy);
  });
}

// Fastest first. Shares that differ may come to the same once layers are dealt.
void keep(QuickPlacement placement, std::size_t most, std::vector<QuickPlacement>& found) {
  const auto same = [&](const QuickPlacement& p) { return alike(p.job, placement.job); };
  if (std::ranges::any_of(found, same)) return;
  const auto time = [](const QuickPlacement& p) { return p.time.si(); };
  found.insert(std::ranges::upper_bound(found, time(placement), {}, time), std::move(placement));
  if (found.size() > most) found.resize(most);
}

// The links between neighbours of an order, or nothing where two are not joined.
std::optional<std::vector<const IslandLink*>> neighbours(const std::vector<int>& order,
                                                         const std::vector<IslandLink>& links) {
  std::vector<const IslandLink*> out;
  for (std::size_t i = 0; i + 1 < order.size(); ++i) {
    const auto at = std::ranges::find_if(links, [&](const IslandLink& link) {
      return std::minmax(link.first, link.second) == std::minmax(order[i], order[i + 1]);
    });
    if (at == links.end()) return std::nullopt;
    out.push_back(&*at);
  }
  return out;
}

}  // namespace

std::vector<QuickPlacement> pipeline_placements(const IslandQuestion& question, std::size_t most,
                                                long& looked_at) {
  std::vector<std::unique_ptr<Machines>> machines;
  for (const IslandPart& part : question.islands) {
    machines.push_back(std::make_unique<Machines>(part));
  }
  std::vector<QuickPlacement> found;
  std::vector<int> order(machines.size());
  std::iota(order.begin(), order.end(), 0);
  do {
    const auto links = neighbours(order, question.links);
    if (!links) continue;
    std::vector<Machines*> ordered;
    for (const int island : order)
      ordered.push_back(machines[static_cast<std::size_t>(island)].get());
    const int batch = question.islands.front().setup.job.strategy.global_batch;
    for (const int dp : divisors(batch)) {
      for (int mb = 1; mb <= std::min(largest_micro_batch, batch / dp); mb *= 2) {
        if (batch / dp % mb != 0) continue;
        for (const std::string_view schedule : schedules) {
          ParallelStrategy common;
          common.dp = dp;
          common.micro_batch = mb;
          common.global_batch = batch;
          common.schedule = schedule;
          common.vpp = fixed_chunks(schedule).value_or(1);
          const double cutoff = found.size() < most ? infinite : found.back().time.si();
          for (QuickPlacement& placement : Walk(ordered, *links, common, cutoff).run(looked_at)) {
            keep(std::move(placement), most, found);
          }
        }
      }
    }
  } while (std::ranges::next_permutation(order).found);
  return found;
}

}  // namespace fleetwright
