#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "planner/date.hpp"

namespace fleetwright {

/// A quantity of a part that rules set limits on.
enum class ExportQuantity : std::uint8_t { tpp, density, io, memory, memory_plus_io };

/// "TPP", "PD", "I/O", "memory bandwidth", "memory + I/O bandwidth".
[[nodiscard]] std::string_view to_string(ExportQuantity quantity);

/// One side of a band: TPP and density as they are, rates in GB/s.
struct ExportLimit {
  /// at_least and above bound from below, below from above.
  enum class Side : std::uint8_t { at_least, above, below };
  ExportQuantity quantity = ExportQuantity::tpp;
  Side side = Side::at_least;
  double value = 0;

  [[nodiscard]] bool holds(double of_part) const;
};

/// What a rule does to a sale, mildest first. A duty does not stand in its way.
enum class ExportEffect : std::uint8_t { none, duty, notification, case_by_case, licence, denial };

/// "no licence", "25 % duty" ... for people.
[[nodiscard]] std::string_view to_string(ExportEffect effect);

/// Limits that together put a part under a rule.
struct ExportClause {
  std::string id;
  std::vector<ExportLimit> limits;
  std::optional<bool> datacentre;   // only parts that are, or are not, for datacentres
  bool us_market = false;           // only parts on sale in the United States
  std::string under;                // only what this clause covers
  std::vector<std::string> unless;  // not what one of these covers
  ExportEffect effect = ExportEffect::none;
};

/// A rule with its days and its clauses.
struct ExportRule {
  std::string id;
  std::string title;
  std::string status;  // in force, never enforced, suspended, withdrawn, proposed
  Date from;
  std::optional<Date> until;  // included
  std::optional<Date> named_from;
  std::optional<Date> named_until;
  std::vector<std::string> destinations;  // countries
  std::vector<ExportClause> clauses;
  std::string confidence;
  std::string source;  // keys
  std::string note;

  /// Whether it governs a part on a day; `named` is whether a rule names that part.
  [[nodiscard]] bool governs(const Date& day, bool named) const;
};

/// All rules, by date, and for which days they are known.
struct ExportRules {
  std::vector<ExportRule> rules;
  std::vector<std::string> named;  // beginnings of the ids of parts that a rule took earlier
  Date known_from;
  Date known_until;
  std::string after;  // what may have changed since

  [[nodiscard]] bool names(std::string_view part) const;
};

/// Whether a text is a country code: two capital letters (ISO 3166).
[[nodiscard]] bool is_country(std::string_view text);

/// Reads export_rules.toml. Throws ScenarioError with all that is wrong, and Error.
[[nodiscard]] ExportRules read_export_rules(const std::filesystem::path& file);

}  // namespace fleetwright
