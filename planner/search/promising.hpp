#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "planner/search/quick_step.hpp"
#include "sim/run_control.hpp"
#include "sim/step_estimate.hpp"

namespace fleetwright {

/// A strategy on its cluster, in closed form, and by longest path where it got that far.
struct Candidate {
  StepSetup setup;
  QuickStep quick;
  Seconds time;
  Bytes memory;
};

/// What a search went through.
struct Searched {
  long evaluated = 0;  // strategies, in closed form
  long feasible = 0;   // of them, that fit in memory
  long refined = 0;    // by longest path
  double seconds = 0;
  double evaluation_seconds = 0;  // of the closed form alone
  std::map<std::string, long> left_out;
};

/// Times of candidates that were computed before, by longest path.
class CandidateMemory {
 public:
  struct Timed {
    Seconds time;
    Bytes memory;
  };
  virtual ~CandidateMemory() = default;
  [[nodiscard]] virtual std::optional<Timed> find(const StepSetup& setup) = 0;
  virtual void keep(const std::vector<Candidate>& timed) = 0;
};

/// Which strategies to look at; all, if empty.
using StrategyFilter = std::function<bool(const ParallelStrategy& strategy)>;

/// The most promising strategies of a setup's cluster, on all cores: the fastest in closed form of
/// those that fit in memory, and the first few of each schedule, which the closed form may favour.
/// `leanest` becomes the one that needs least memory, if that is less than it was.
[[nodiscard]] std::vector<Candidate> promising(const StepSetup& setup, Searched& searched,
                                               Candidate& leanest,
                                               const StrategyFilter& wanted = {});

/// Times candidates by longest path, on all cores, and leaves those that fit in memory, fastest
/// first. What `memory` has is not timed again. Throws Interrupted.
void refine(std::vector<Candidate>& candidates, const RunControl& control,
            CandidateMemory* memory = nullptr);

/// Seconds of a clock that only goes forward.
[[nodiscard]] double clock_seconds();

}  // namespace fleetwright
