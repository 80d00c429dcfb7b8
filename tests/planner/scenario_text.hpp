#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace fleetwright::testing {

/// A folder of its own for one test, gone afterwards.
class TemporaryFolder {
 public:
  TemporaryFolder();
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  /// Writes a file into it and returns where that is.
  std::filesystem::path write(std::string_view name, std::string_view text) const;

 private:
  std::filesystem::path path_;
};

/// Llama 3.1 405B on 64 H100 with tp 8 and pp 2: nothing is wrong with it (but that it does not
/// fit).
extern const std::string_view dense_scenario;
/// DeepSeek-V3 on 128 H800 with pp 4 and ep 32.
extern const std::string_view moe_scenario;
/// Llama 3.1 8B on one node: fits, and is quick to estimate.
extern const std::string_view small_scenario;

using Edits = std::vector<std::pair<std::string, std::string>>;

/// The text with the first occurrence of each left-hand side replaced; each must occur.
[[nodiscard]] std::string edited(std::string_view text, const Edits& edits);

[[nodiscard]] std::string read_text(const std::filesystem::path& file);

/// What a user sees of a scenario in file "scenario.toml": its diagnostics, or "" if it reads well.
[[nodiscard]] std::string diagnose(std::string_view scenario, const Edits& edits = {},
                                   const std::vector<std::string>& overrides = {});

}  // namespace fleetwright::testing
