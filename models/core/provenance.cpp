#include "models/core/provenance.hpp"

#include <fmt/core.h>

#include <stdexcept>

#include "models/core/error.hpp"

namespace fleetwright {

std::string_view to_string(ProvenanceKind kind) {
  switch (kind) {
    case ProvenanceKind::measured:
      return "measured";
    case ProvenanceKind::published:
      return "published";
    case ProvenanceKind::datasheet:
      return "datasheet";
    case ProvenanceKind::assumed:
      return "assumed";
  }
  fail_invariant("ProvenanceKind", "unknown value");
}

ProvenanceKind parse_provenance_kind(std::string_view text) {
  for (const auto kind : {ProvenanceKind::measured, ProvenanceKind::published,
                          ProvenanceKind::datasheet, ProvenanceKind::assumed}) {
    if (text == to_string(kind)) return kind;
  }
  throw std::invalid_argument(
      fmt::format("'{}' is not one of measured, published, datasheet, assumed", text));
}

}  // namespace fleetwright
