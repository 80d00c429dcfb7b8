#include "profiles/hardware_data.hpp"

#include "models/core/data_files.hpp"
#include "profiles/measured_ceilings.hpp"

namespace fleetwright {

namespace {

std::map<std::string, Accelerator> accelerators_as_measured(const ProfileStore& store) {
  auto accelerators = read_accelerators(data_file("profiles/data/accelerators.toml"));
  for (auto& [id, accelerator] : accelerators) {
    prefer_measured_ceilings(accelerator, store.profile(id));
  }
  return accelerators;
}

}  // namespace

const HardwareData& hardware_data() {
  static const ProfileStore store(data_file("profiles/data"));
  static const HardwareData data{
      accelerators_as_measured(store), read_links(data_file("profiles/data/links.toml")),
      read_collective_protocols(data_file("profiles/data/collectives.toml")), store};
  return data;
}

}  // namespace fleetwright
