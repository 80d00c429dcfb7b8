#pragma once

#include <atomic>
#include <functional>

namespace fleetwright {

/// How whoever asked for a run follows and stops it.
struct RunControl {
  /// Told now and then which share of the run is done.
  std::function<void(double share)> progress;
  /// A run that sees it ends early, with the steps that it has finished. In memory that child
  /// processes share.
  const std::atomic<bool>* stop = nullptr;

  [[nodiscard]] bool stops() const {
    return stop != nullptr && stop->load(std::memory_order_relaxed);
  }
  void done(double share) const {
    if (progress) progress(share);
  }
};

}  // namespace fleetwright
