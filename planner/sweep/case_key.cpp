#include "planner/sweep/case_key.hpp"

#include <fmt/format.h>

#include "models/core/toml_print.hpp"
#include "planner/sweep/digest.hpp"

namespace fleetwright {
namespace {

constexpr std::size_t longest_name = 4096;  // PATH_MAX

}  // namespace

CaseKeys::CaseKeys(const std::filesystem::path& base, const std::string& engine,
                   std::string provenance)
    : folder_(base.parent_path()),
      base_(parse_toml_file(base)),
      provenance_(std::move(provenance)) {
  if (!engine.empty()) apply_override(base_, "engine=\"" + engine + "\"");
}

CaseKeys::Identity CaseKeys::of(const std::vector<Assignment>& assignments) {
  TomlMap document = base_;
  std::string refused;
  for (const Assignment& a : assignments) {
    try {
      apply_override(document, a.text());
    } catch (const ScenarioError&) {
      refused += "# set " + a.text() + "\n";
    }
  }
  Identity identity;
  identity.settings = print_toml(document) + refused;
  for (const TomlEntry& e : document.entries) add_files(e.value, identity.settings);
  identity.key = sha256(provenance_ + "\n" + identity.settings);
  return identity;
}

// Any text may be the name of a file (a config.json, a table of tokens): where there is one, its
// content counts.
void CaseKeys::add_files(const TomlValue& value, std::string& text) {
  if (const auto* name = std::get_if<std::string>(&value.data)) {
    if (const std::string& digest = digest_of(*name); !digest.empty()) {
      text += fmt::format("# file {} {}\n", print_toml(value), digest);
    }
  } else if (const auto* items = std::get_if<TomlArray>(&value.data)) {
    for (const TomlValue& item : *items) add_files(item, text);
  } else if (const auto* map = std::get_if<TomlMap>(&value.data)) {
    for (const TomlEntry& e : map->entries) add_files(e.value, text);
  }
}

const std::string& CaseKeys::digest_of(const std::string& name) {
  const auto [it, fresh] = digests_.try_emplace(name);
  if (!fresh || name.empty() || name.size() > longest_name) return it->second;
  const std::filesystem::path file = folder_ / name;
  std::error_code absent;
  if (std::filesystem::is_regular_file(file, absent)) it->second = sha256_of_file(file);
  return it->second;
}

}  // namespace fleetwright
