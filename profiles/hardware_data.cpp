#include "profiles/hardware_data.hpp"

#include "models/core/data_files.hpp"

namespace fleetwright {

const HardwareData& hardware_data() {
  static const HardwareData data{read_accelerators(data_file("profiles/data/accelerators.toml")),
                                 read_links(data_file("profiles/data/links.toml")),
                                 ProfileStore(data_file("profiles/data"))};
  return data;
}

}  // namespace fleetwright
