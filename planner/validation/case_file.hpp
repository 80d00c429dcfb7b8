#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "models/core/diagnostics.hpp"
#include "models/core/quantity.hpp"
#include "models/model_config.hpp"
#include "models/strategy.hpp"

namespace fleetwright {

/// A training step that somebody ran, as the row of a case file tells it. An optional without a
/// value is an empty cell: the publisher did not say.
struct ValidationCase {
  SourceLocation where;
  std::string id, family, source;
  bool core = false;
  ModelConfig model;    // what the columns say of it
  bool slides = false;  // attention in a sliding window, in some layers
  int sequence_length = 0;
  std::string gpu;
  int gpus = 0;
  std::optional<int> gpus_per_node;
  std::string network, precision, framework, options, notes;  // the publisher's words
  std::optional<int> tp, pp, vpp, cp, ep, etp, dp, zero_stage, micro_batch;
  std::optional<bool> sequence_parallel;
  std::optional<Recompute> recompute;
  std::optional<std::string> schedule;
  int global_batch = 0;
  std::optional<Seconds> measured_time;  // none: it did not run
  std::optional<Bytes> measured_memory;
  std::vector<Diagnostic> wrong;  // cells that could not be read: the case is not to be used
};

/// The cases of one or more files, and what is wrong with some of their rows.
struct CaseFile {
  std::vector<ValidationCase> cases;
  std::vector<Diagnostic> wrong;
};

/// Reads a case file. A row that cannot be read is kept, with its diagnostics. Throws ScenarioError
/// where the header lacks a column or the file is no CSV, and Error if it cannot be read.
[[nodiscard]] CaseFile read_cases(const std::filesystem::path& file);
[[nodiscard]] CaseFile parse_cases(std::string_view text, const std::string& file);

}  // namespace fleetwright
