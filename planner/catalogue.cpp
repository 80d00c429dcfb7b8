#include "planner/catalogue.hpp"

#include "models/core/data_files.hpp"
#include "models/model_config.hpp"
#include "profiles/hardware_data.hpp"

namespace fleetwright {

const Catalogue& catalogue() {
  static const Catalogue read{hardware_data().accelerators,
                              hardware_data().links,
                              read_software_stacks(data_file("profiles/data/software.toml")),
                              read_precision_recipes(data_file("models/data/precision.toml")),
                              read_failure_records(data_file("profiles/data/reliability.toml")),
                              zoo_models()};
  return read;
}

}  // namespace fleetwright
