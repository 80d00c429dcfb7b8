#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace fleetwright {

/// How a number is known, best first. A value derived from others takes the worst of them.
enum class ProvenanceKind { measured, published, datasheet, assumed };

[[nodiscard]] std::string_view to_string(ProvenanceKind kind);

/// Throws std::invalid_argument with the known words if `text` is none of them.
[[nodiscard]] ProvenanceKind parse_provenance_kind(std::string_view text);

struct Provenance {
  ProvenanceKind kind = ProvenanceKind::assumed;
  std::string source;

  bool operator==(const Provenance&) const = default;
};

/// A value together with where it comes from.
template <typename T>
struct Sourced {
  T value{};
  Provenance provenance;
};

/// One row of a report's list of sources: which quantity rests on what.
struct ProvenanceEntry {
  std::string quantity;
  Provenance provenance;

  bool operator==(const ProvenanceEntry&) const = default;
};

}  // namespace fleetwright
