#pragma once

#include <set>
#include <string>
#include <vector>

#include "models/core/provenance.hpp"
#include "profiles/profile_store.hpp"

namespace fleetwright {

/// How much is known of one kind of kernel on one accelerator.
struct Coverage {
  std::string kernel;  // "gemm fp8-block weight gradient", "rmsnorm_forward"
  ProvenanceKind kind = ProvenanceKind::published;
  int shapes = 0;  // different ones
  std::set<std::string> libraries;
  std::set<std::string> sources;  // of what was published
  std::string oldest, newest;     // dates of what was measured
};

/// By kernel, the measured before the published.
[[nodiscard]] std::vector<Coverage> coverage_of(const AcceleratorProfile& profile);

}  // namespace fleetwright
