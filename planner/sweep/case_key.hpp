#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "models/core/toml_document.hpp"
#include "planner/sweep/sweep_spec.hpp"

namespace fleetwright {

/// Says which cases are the same: those whose scenarios mean the same, computed by the same program
/// from the same data. A default that is written out makes another case: what is the same is never
/// taken for different results, but may be computed twice.
class CaseKeys {
 public:
  /// `base` is a scenario file, `engine` replaces its own unless empty, `provenance` is that of
  /// provenance_digest(). Throws Error and ScenarioError if the file cannot be read as TOML.
  CaseKeys(const std::filesystem::path& base, const std::string& engine, std::string provenance);

  /// A case's scenario in canonical form, with the digest of each file that it names.
  struct Identity {
    std::string key;  // SHA-256 of settings and provenance
    std::string settings;
  };
  /// Settings that cannot be applied stay as they are at the end of the text.
  [[nodiscard]] Identity of(const std::vector<Assignment>& assignments);
  [[nodiscard]] const std::string& provenance() const { return provenance_; }

 private:
  void add_files(const TomlValue& value, std::string& text);
  const std::string& digest_of(const std::string& name);

  std::filesystem::path folder_;
  TomlMap base_;
  std::string provenance_;
  std::map<std::string, std::string> digests_;  // of files by name; empty: no such file
};

}  // namespace fleetwright
