#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "models/core/provenance.hpp"
#include "models/core/toml_table.hpp"

namespace fleetwright {

/// Reads `key = { value = ..., kind = "published", source = "KEY" }`, the form of every number in
/// the data files: none stands there without saying where it comes from.
class SourcedReader {
 public:
  explicit SourcedReader(TomlTable& table) : table_(&table) {}

  [[nodiscard]] std::optional<Sourced<double>> number(std::string_view key);
  [[nodiscard]] std::optional<Sourced<std::vector<double>>> numbers(std::string_view key,
                                                                    Range<double> range);
  [[nodiscard]] std::optional<Sourced<bool>> boolean(std::string_view key);
  [[nodiscard]] std::optional<Sourced<std::string>> text(std::string_view key);

  template <typename Q>
  [[nodiscard]] std::optional<Sourced<Q>> quantity(std::string_view key) {
    auto inner = table_->table(key);
    if (!inner) return std::nullopt;
    const auto value = inner->template quantity<Q>("value");
    return finish(*inner, value);
  }

 private:
  [[nodiscard]] static Provenance provenance(TomlTable& inner);

  template <typename T>
  static std::optional<Sourced<T>> finish(TomlTable& inner, const std::optional<T>& value) {
    Provenance from = provenance(inner);
    inner.require("value", "\"...\"");
    inner.refuse_unknown_keys();
    if (!value) return std::nullopt;
    return Sourced<T>{*value, std::move(from)};
  }

  TomlTable* table_;
};

/// The value if it is there, else a "missing key" diagnostic and a default value.
template <typename T>
[[nodiscard]] T required(TomlTable& table, std::string_view key, const std::optional<T>& value,
                         std::string_view example) {
  if (!value) table.require(key, example);
  return value.value_or(T{});
}

}  // namespace fleetwright
