#pragma once

#include <map>
#include <string>
#include <vector>

#include "profiles/accelerator.hpp"
#include "profiles/collective_protocol.hpp"
#include "profiles/link.hpp"
#include "profiles/profile_store.hpp"

namespace fleetwright {

/// The hardware tables that the program ships with.
struct HardwareData {
  std::map<std::string, Accelerator> accelerators;
  std::map<std::string, Link> links;
  std::map<std::string, std::vector<CollectiveProtocol>> collectives;  // by algorithm
  const ProfileStore& profiles;
};

/// Read once, then constant. Throws Error or ScenarioError where the files are missing or
/// malformed.
[[nodiscard]] const HardwareData& hardware_data();

}  // namespace fleetwright
