#include "planner/scaling_rule.hpp"

#include <cmath>
#include <string>

#include "models/core/data_files.hpp"
#include "models/core/error.hpp"
#include "models/core/toml_table.hpp"
#include "profiles/sourced_toml.hpp"

namespace fleetwright {

ScalingRule::Model ScalingRule::best_for(double flop) const {
  const double parameters =
      std::sqrt(flop / (flop_per_parameter_and_token.value * tokens_per_parameter.value));
  return {parameters, parameters * tokens_per_parameter.value};
}

ScalingRule compute_optimal_rule() {
  const auto read_one = [](const std::string& /*name*/, TomlTable table) {
    SourcedReader sourced(table);
    const auto number = [&](std::string_view key) {
      return required(table, key, sourced.number(key), "{ value = ..., kind = ..., source = ... }");
    };
    ScalingRule rule{number("flop_per_parameter_and_token"), number("tokens_per_parameter")};
    table.refuse_unknown_keys();
    return rule;
  };
  const auto rules =
      read_named_tables<ScalingRule>(data_file("planner/data/scaling.toml"), read_one);
  const auto at = rules.find("compute-optimal");
  if (at == rules.end()) throw Error("planner/data/scaling.toml has no table [compute-optimal]");
  return at->second;
}

}  // namespace fleetwright
