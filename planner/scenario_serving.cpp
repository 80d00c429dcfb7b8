// [serving]: tokens a day, what a node does of them, and what they are sold for.

#include <algorithm>

#include "planner/scenario_reader.hpp"

namespace fleetwright {

void ScenarioReader::read_serving() {
  if (!root_.has("serving")) {
    static_cast<void>(root_.table().table("serving"));
    for (const CostClaim& claim : scenario_.cost->claims) {
      if (!is_of_serving(claim.of)) continue;
      diagnostics_.add(where("cost.claim"),
                       "a claim of '" + claim.of + "' needs to know of a service",
                       "add [serving] with tokens a day and rates of a node");
    }
    return;
  }
  SettingReader in(root_, "serving");
  const auto needed = [&](std::string_view key, std::string_view example) {
    const auto range = read_range(in, key);
    in.table().require(key, "{ typical = " + std::string(example) + ", source = \"...\" }");
    if (range && range->range.low <= 0) in.table().error(key, "must be more than zero");
    return range.value_or(SourcedRange{{1, 1, 1}, ""});
  };
  ServingSettings s;
  s.input_tokens_per_day = needed("input_tokens_per_day", "608e9");
  s.output_tokens_per_day = needed("output_tokens_per_day", "168e9");
  s.prefill_rate = needed("prefill_tokens_per_second_per_node", "73_700");
  s.decode_rate = needed("decode_tokens_per_second_per_node", "14_800");
  s.cached_share = needed("cached_share", "0.56");
  s.cached_input_price = needed("cached_input_usd_per_million", "0.14");
  s.input_price = needed("input_usd_per_million", "0.55");
  s.output_price = needed("output_usd_per_million", "2.19");
  if (s.cached_share.range.high > 1) in.table().error("cached_share", "a share is at most 1");
  in.table().refuse_unknown_keys();
  scenario_.cost->serving = s;
}

}  // namespace fleetwright
