#include "profiles/sourced_toml.hpp"

namespace fleetwright {
namespace {

constexpr Range<double> any_number{0.0, 1e30};

}  // namespace

Provenance SourcedReader::provenance(TomlTable& inner) {
  Provenance result;
  const auto kind = inner.choice("kind", {"measured", "published", "datasheet", "assumed"});
  const auto source = inner.text("source");
  if (kind) result.kind = parse_provenance_kind(*kind);
  if (source) result.source = *source;
  inner.require("kind", "\"published\"");
  inner.require("source", "\"KEY\"");
  return result;
}

std::optional<Sourced<double>> SourcedReader::number(std::string_view key) {
  auto inner = table_->table(key);
  if (!inner) return std::nullopt;
  const auto value = inner->number("value", any_number);
  return finish(*inner, value);
}

std::optional<Sourced<std::vector<double>>> SourcedReader::numbers(std::string_view key,
                                                                   Range<double> range) {
  auto inner = table_->table(key);
  if (!inner) return std::nullopt;
  const auto value = inner->numbers("value", range);
  return finish(*inner, value);
}

std::optional<Sourced<bool>> SourcedReader::boolean(std::string_view key) {
  auto inner = table_->table(key);
  if (!inner) return std::nullopt;
  const auto value = inner->boolean("value");
  return finish(*inner, value);
}

std::optional<Sourced<std::string>> SourcedReader::text(std::string_view key) {
  auto inner = table_->table(key);
  if (!inner) return std::nullopt;
  const auto value = inner->text("value");
  return finish(*inner, value);
}

}  // namespace fleetwright
