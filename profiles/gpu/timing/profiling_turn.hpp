#pragma once

namespace fleetwright::gpu {

/// Who has the GPU's profiling hardware: records of what ran and counters disturb one another, so
/// that only one of them may be on. Held while it lives; throws Error if it is taken.
class ProfilingTurn {
 public:
  explicit ProfilingTurn(const char* holder);
  ProfilingTurn(const ProfilingTurn&) = delete;
  ProfilingTurn& operator=(const ProfilingTurn&) = delete;
  ~ProfilingTurn();
};

}  // namespace fleetwright::gpu
