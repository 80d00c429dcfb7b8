#pragma once

#include <filesystem>
#include <string>

#include "planner/sweep/case_process.hpp"
#include "planner/sweep/sweep_queue.hpp"
#include "sim/run_control.hpp"

namespace fleetwright {

/// What `sweep` was asked for.
struct SweepRequest {
  std::filesystem::path spec;
  std::filesystem::path store;
  std::string engine;  // empty: the scenario's
  Shard shard;
  bool retry = false;
  std::filesystem::path program;  // that estimates a case, absolute
  std::string version;            // of that program
};

/// An open sweep: what it is, where its results go, and what is left to do.
struct Sweep {
  /// Throws ScenarioError (the sweep or its base is malformed) and Error (files).
  explicit Sweep(const SweepRequest& request);
  Sweep(const Sweep&) = delete;
  Sweep& operator=(const Sweep&) = delete;

  SweepSpec spec;
  CaseCommand command;
  CaseKeys keys;
  SweepStore store;
  SweepQueue queue;
};

/// Computes all cases that are left, `jobs` at a time. When it is stopped, the cases that run are
/// given up and Interrupted is thrown; those that ended are kept.
void run_sweep(Sweep& sweep, std::size_t jobs, const RunControl& control);

}  // namespace fleetwright
