#include "planner/search/search_space.hpp"

#include <algorithm>

#include "models/schedules/builtin_schedules.hpp"
#include "planner/feasibility.hpp"

namespace fleetwright {
namespace {

constexpr int long_sequence = 16384;
constexpr int most_chunks = 8;
constexpr int largest_micro_batch = 16;

std::vector<int> divisors_up_to(int n, int limit) {
  std::vector<int> out;
  for (int d = 1; d <= std::min(n, limit); ++d) {
    if (n % d == 0) out.push_back(d);
  }
  return out;
}

std::vector<int> powers_up_to(int limit) {
  std::vector<int> out;
  for (int p = 1; p <= limit; p *= 2) out.push_back(p);
  return out;
}

/// Walks the choices one after the other; each function fixes one of them.
class Walk {
 public:
  explicit Walk(const StepSetup& setup) : setup_(setup), model_(setup.job.model) {
    for (const auto& row : builtin_schedules()) schedules_.emplace_back(row.name);
  }

  SearchSpace run() {
    for (const int tp : powers_up_to(setup_.cluster.gpus)) {
      if (model_.heads % tp != 0) {
        leave_out("tp does not divide the attention heads");
      } else if (tp > setup_.cluster.gpus_per_node) {
        leave_out("tp over several nodes");
      } else {
        s_.tp = tp;
        s_.sequence_parallel = tp > 1;
        choose_context();
      }
    }
    return std::move(space_);
  }

 private:
  void leave_out(const std::string& why) { ++space_.left_out[why]; }

  void choose_context() {
    const int most = setup_.job.sequence_length >= long_sequence ? 64 : 1;
    for (const int cp : powers_up_to(most)) {
      if (setup_.job.sequence_length % (cp * s_.tp) != 0) continue;
      s_.cp = cp;
      choose_pipeline();
    }
  }

  void choose_pipeline() {
    const int gpus = setup_.cluster.gpus;
    if (gpus % (s_.tp * s_.cp) != 0) return leave_out("tp x cp does not divide the GPUs");
    for (const int pp : divisors_up_to(gpus / (s_.tp * s_.cp), model_.layers)) {
      s_.pp = pp;
      s_.dp = gpus / (s_.tp * s_.cp * pp);
      if (setup_.job.strategy.global_batch % s_.dp != 0) {
        leave_out("dp does not divide the global batch");
        continue;
      }
      choose_experts();
    }
  }

  void choose_experts() {
    if (!model_.moe) return choose_memory();
    const int of_stage = s_.tp * s_.cp * s_.dp;
    for (const int ep : divisors_up_to(model_.moe->experts, of_stage)) {
      for (const int etp : s_.tp > 1 ? std::vector{1, s_.tp} : std::vector{1}) {
        s_.ep = ep;
        s_.etp = etp;
        if (of_stage % (ep * etp) != 0) {
          leave_out("ep x etp does not divide tp x cp x dp");
        } else {
          choose_memory();
        }
      }
    }
    s_.ep = s_.etp = 1;
  }

  void choose_memory() {
    const int sequences = setup_.job.strategy.global_batch / s_.dp;
    for (const int zero : {0, 1, 2, 3}) {
      if (zero == 3 && s_.pp > 1) {
        leave_out("zero 3 with a pipeline: parameters are gathered for each micro-batch");
        continue;
      }
      if (zero > 0 && s_.dp * s_.cp == 1) continue;
      for (const Recompute recompute : {Recompute::none, Recompute::selective, Recompute::full}) {
        for (const int micro_batch : powers_up_to(std::min(sequences, largest_micro_batch))) {
          if (sequences % micro_batch != 0) {
            leave_out("the micro-batch does not divide a replica's sequences");
            continue;
          }
          s_.zero_stage = zero;
          s_.recompute = recompute;
          s_.micro_batch = micro_batch;
          choose_schedule();
        }
      }
    }
  }

  void choose_schedule() {
    s_.global_batch = setup_.job.strategy.global_batch;
    if (s_.pp == 1) {
      s_.schedule = "1f1b";
      s_.vpp = 1;
      return keep();
    }
    for (const std::string& schedule : schedules_) {
      s_.schedule = schedule;
      const auto chunks = fixed_chunks(schedule);
      for (int vpp = chunks.value_or(2); vpp <= chunks.value_or(most_chunks); ++vpp) {
        s_.vpp = vpp;
        keep();
      }
    }
  }

  void keep() {
    // The embedding and the head may be stages of their own.
    if (model_stages(s_) > model_.layers + 2) return leave_out("more stages than layers");
    if (!strategy_rules(s_).empty() || breaks_model_rules()) {
      return leave_out("the schedule does not take this number of stages or micro-batches");
    }
    space_.strategies.push_back(s_);
  }

  bool breaks_model_rules() const {
    return std::ranges::any_of(model_rules(model_, s_), [](const BrokenRule& rule) {
      return rule.setting != "strategy.pp";  // stages without layers are dealt by cost
    });
  }

  const StepSetup& setup_;
  const ModelConfig& model_;
  std::vector<std::string> schedules_;
  ParallelStrategy s_;
  SearchSpace space_;
};

}  // namespace

SearchSpace search_space(const StepSetup& setup) { return Walk(setup).run(); }

}  // namespace fleetwright
