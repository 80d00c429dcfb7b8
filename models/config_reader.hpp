#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "models/core/diagnostics.hpp"

namespace fleetwright {

/// The values of a JSON object, each checked and located. Missing and impossible values are
/// gathered and thrown together.
class ConfigReader {
 public:
  /// Throws ScenarioError if the text is no JSON object.
  ConfigReader(std::string_view text, const std::string& file);
  ~ConfigReader();

  static constexpr int largest_count = 10'000'000;

  /// A count from 1 to `high`, under the first of the names that is there and not null.
  [[nodiscard]] int count(const std::vector<std::string_view>& names, int high = largest_count);
  [[nodiscard]] std::optional<int> optional_count(const std::vector<std::string_view>& names);
  /// As above, 0 allowed.
  [[nodiscard]] int count_or(std::string_view name, int fallback);
  [[nodiscard]] bool flag_or(std::string_view name, bool fallback);
  [[nodiscard]] std::string text_or(std::string_view name, std::string_view fallback);
  /// A flag of the object `table`; the fallback if there is no such object.
  [[nodiscard]] bool nested_flag_or(std::string_view table, std::string_view name, bool fallback);
  /// True for an array with elements.
  [[nodiscard]] bool has_elements(std::string_view name) const;
  [[nodiscard]] bool has(std::string_view name) const;
  /// The first of the names that is there, or the first of all.
  [[nodiscard]] std::string_view present(const std::vector<std::string_view>& names) const;

  void error(std::string_view name, std::string message, std::string suggestion = {});
  /// Nothing was wrong so far: rules over several values hold only then.
  [[nodiscard]] bool ok() const { return diagnostics_.empty(); }
  void throw_if_any() const;

 private:
  struct Document;
  [[nodiscard]] std::optional<int> whole_number(std::string_view name, int low, int high);
  [[nodiscard]] SourceLocation where(std::string_view name) const;

  std::unique_ptr<Document> document_;
  std::string file_;
  Diagnostics diagnostics_;
};

}  // namespace fleetwright
