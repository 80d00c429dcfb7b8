#include "planner/sweep/sweep_spec.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "models/core/text_file.hpp"
#include "models/core/toml_print.hpp"
#include "models/core/toml_table.hpp"
#include "planner/sweep/sweep_axis.hpp"

namespace fleetwright {
namespace {

// A key that is set twice would depend on the order of axes.
void refuse_double_keys(const SweepSpec& spec, TomlTable& root) {
  std::set<std::string> seen;
  for (const SweepAxis& axis : spec.axes) {
    for (const std::string& key : axis.keys) {
      if (!seen.insert(key).second) root.error("axis", fmt::format("'{}' is on two axes", key));
    }
  }
}

void refuse_too_many(const SweepSpec& spec, TomlTable& root) {
  double cases = 1;
  for (const SweepAxis& axis : spec.axes) cases *= static_cast<double>(axis.points.size());
  if (cases > static_cast<double>(most_cases)) {
    root.error("axis", fmt::format("the axes make {:.4g} cases, more than {}", cases, most_cases),
               "draw some of them by [sample]");
  }
}

}  // namespace

std::size_t SweepSpec::cases() const {
  std::size_t product = 1;
  for (const SweepAxis& axis : axes) product *= axis.points.size();
  return product;
}

std::vector<Assignment> SweepSpec::assignments(std::size_t number) const {
  std::vector<std::size_t> at(axes.size());
  for (std::size_t a = axes.size(); a-- > 0;) {
    at[a] = number % axes[a].points.size();
    number /= axes[a].points.size();
  }
  std::vector<Assignment> out;
  for (std::size_t a = 0; a < axes.size(); ++a) {
    for (std::size_t k = 0; k < axes[a].keys.size(); ++k) {
      out.push_back({axes[a].keys[k], axes[a].points[at[a]][k]});
    }
  }
  return out;
}

SweepSpec parse_sweep_spec(std::string_view text, const std::filesystem::path& file) {
  const TomlMap document = parse_toml(text, file.string());
  Diagnostics diagnostics;
  TomlTable root(document, {file.string(), 1, 1}, "", diagnostics);
  SweepSpec spec;
  spec.file = file;
  spec.text = print_toml(document);
  static_cast<void>(root.choice("schema", {"fleetwright.sweep/1"}));
  spec.name = root.text("name").value_or(file.stem().string());
  const auto base = root.text("base");
  root.require("base", "\"deepseek-v3.toml\"");
  if (base) spec.base = file.parent_path() / *base;
  if (const auto limit = root.quantity<Seconds>("time_limit")) {
    spec.time_limit = *limit;
    if (limit->si() <= 0) root.error("time_limit", "time_limit must be more than zero");
  }
  for (TomlTable& table : root.tables("axis")) {
    if (auto axis = read_axis(std::move(table))) spec.axes.push_back(std::move(*axis));
  }
  if (auto table = root.table("sample")) {
    if (auto axis = read_sample(std::move(*table))) spec.axes.push_back(std::move(*axis));
  }
  if (!root.has("axis") && !root.has("sample")) {
    diagnostics.add(root.where(), "a sweep needs axes", "add [[axis]] tables or a [sample]");
  }
  refuse_double_keys(spec, root);
  refuse_too_many(spec, root);
  root.refuse_unknown_keys();
  diagnostics.throw_if_any();
  return spec;
}

SweepSpec read_sweep_spec(const std::filesystem::path& file) {
  return parse_sweep_spec(read_text_file(file), file);
}

}  // namespace fleetwright
