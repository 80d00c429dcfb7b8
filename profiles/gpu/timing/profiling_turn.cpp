#include "profiles/gpu/timing/profiling_turn.hpp"

#include <fmt/core.h>

#include <atomic>

#include "models/core/error.hpp"

namespace fleetwright::gpu {
namespace {

std::atomic<const char*> current{nullptr};

}  // namespace

ProfilingTurn::ProfilingTurn(const char* holder) {
  const char* before = nullptr;
  if (!current.compare_exchange_strong(before, holder)) {
    throw Error(fmt::format("{} cannot be taken while {} are", holder, before));
  }
}

ProfilingTurn::~ProfilingTurn() { current = nullptr; }

}  // namespace fleetwright::gpu
