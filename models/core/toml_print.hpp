#pragma once

#include <string>

#include "models/core/toml_document.hpp"

namespace fleetwright {

/// A document as TOML in one form: a `key = value` a line, keys sorted, tables inline, numbers as
/// short as they can be. Documents that mean the same print the same, whatever their order,
/// comments and notation; what is printed reads back as the same values.
[[nodiscard]] std::string print_toml(const TomlMap& document);

/// A value as it stands right of the equals sign.
[[nodiscard]] std::string print_toml(const TomlValue& value);

}  // namespace fleetwright
