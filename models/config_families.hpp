#pragma once

#include <span>
#include <string_view>

#include "models/config_reader.hpp"
#include "models/model_config.hpp"

namespace fleetwright {

/// How the configs of one model_type are read: the sizes that all families name first, then its
/// own.
struct ConfigFamily {
  std::string_view model_type;
  void (*read)(ConfigReader& json, ModelConfig& model);
};

[[nodiscard]] std::span<const ConfigFamily> config_families();

/// Sizes that every family names, under the names that Hugging Face, GPT-2 and MPT give them.
void read_common_sizes(ConfigReader& json, ModelConfig& model);

}  // namespace fleetwright
