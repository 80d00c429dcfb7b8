#pragma once

#include <optional>
#include <string>
#include <vector>

#include "planner/catalogue.hpp"
#include "planner/validation/case_file.hpp"
#include "planner/validation/published_words.hpp"
#include "sim/step_estimate.hpp"

namespace fleetwright {

/// A case as a step to be estimated, or the reason why it cannot be one.
struct CaseSetup {
  std::optional<StepSetup> setup;
  std::string reason;                // of a case without a setup
  bool first_rank_memory = false;    // what was published is the memory of the first pipeline rank
  std::vector<std::string> assumed;  // what the publisher did not say, and was taken as usual
};

/// What all cases are set up from.
struct CaseData {
  Catalogue catalogue;
  std::map<std::string, ModelConfig> zoo;  // by letters and digits of the name, in lower case
  PublishedWords words;
};

[[nodiscard]] CaseData read_case_data();

[[nodiscard]] CaseSetup set_up_case(const ValidationCase& c, const CaseData& data);

}  // namespace fleetwright
