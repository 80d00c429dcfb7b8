#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "planner/validation/case_file.hpp"

namespace fleetwright {

/// Letters and digits of a name in lower case: "Llama-3.1-405B" and "llama3.1-405b" are one model.
[[nodiscard]] std::string plain_name(std::string_view name);

/// The model of a case. What no column tells (prediction modules, groups of experts, norms of
/// queries and keys, sliding windows, biases) is that of the zoo's model of the same name, else
/// what is usual for its kind; `assumed` notes it.
[[nodiscard]] ModelConfig model_of_case(const ValidationCase& c,
                                        const std::map<std::string, ModelConfig>& zoo,
                                        std::vector<std::string>& assumed);

}  // namespace fleetwright
