#pragma once

#include <optional>
#include <string>
#include <vector>

#include "models/core/quantity.hpp"
#include "profiles/failure_record.hpp"
#include "sim/cluster.hpp"

namespace fleetwright {

/// What stops the job, at the rate of the whole cluster.
struct StopCause {
  std::string name;
  Hertz rate;
  bool replaces_node = false;  // it leaves for repair, and a spare takes its place
  bool planned = false;        // waits for a checkpoint, so that no work is lost
  int island = 0;              // whose parts stop it; -1: it is of the whole job
};

/// What makes every step of the synchronous job longer for a while.
struct SlowCause {
  std::string name;
  Hertz rate;                  // of the whole cluster
  double step_factor = 1;      // time of a step over an undisturbed one
  Seconds lasts;               // on average; exponentially distributed
  bool replaces_node = false;  // ends with a restart at a checkpoint; else it goes away
  int island = 0;
};

/// Which formula gives the time between checkpoints.
enum class IntervalRule { young, daly, exact };

/// What writing a checkpoint costs.
struct CheckpointCost {
  Seconds write;                    // training stands still for it
  Seconds upload;                   // behind training; safe only when it ends
  double upload_drag = 1;           // time of a step beside an upload over an undisturbed one
  std::optional<Seconds> interval;  // work between two; default: by the rule
  IntervalRule rule = IntervalRule::daly;

  /// Training time that one checkpoint costs.
  [[nodiscard]] Seconds cost() const { return write + drag(); }
  /// Of that, what steps beside the upload take longer.
  [[nodiscard]] Seconds drag() const { return upload * (1 - 1 / upload_drag); }
};

/// What interrupts and slows a run, and what that costs.
struct Reliability {
  std::vector<StopCause> stops;
  std::vector<SlowCause> slowdowns;
  /// How clusters differ: the rates are a typical cluster's, and one that was not observed has
  /// exp(spread z) times those, z standard normal. 0 where the cluster itself was observed.
  double spread = 0;
  Seconds detection;  // of an unplanned stop, until the restart begins
  Seconds restart;    // until the first new step: reload, warm-up
  /// Of each island: nodes of another do not take their place. Nothing: one is always at hand.
  std::optional<int> spare_nodes;
  Seconds repair;  // until a node that left is a spare again
  CheckpointCost checkpoint;

  [[nodiscard]] Hertz failure_rate() const;  // unplanned stops
  [[nodiscard]] Hertz planned_rate() const;
  /// Nodes of an island that leave for repair.
  [[nodiscard]] Hertz replacement_rate(int island) const;
  [[nodiscard]] int islands() const;
};

/// How many of a part the job has.
[[nodiscard]] double count_of(const Cluster& cluster, Part part);

/// Causes of records at the rate of a cluster. The stops must have rates.
[[nodiscard]] std::vector<StopCause> stops_of(const std::vector<StopRecord>& stops,
                                              const Cluster& cluster);

/// The same of a cluster that is one island of a job: without what stops the job as a whole.
[[nodiscard]] std::vector<StopCause> stops_of_island(const std::vector<StopRecord>& stops,
                                                     const Cluster& cluster, int island);
/// What stops the job as a whole, whatever it runs on.
[[nodiscard]] std::vector<StopCause> stops_of_job(const std::vector<StopRecord>& stops);

}  // namespace fleetwright
