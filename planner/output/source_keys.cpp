#include "planner/output/source_keys.hpp"

#include <map>
#include <set>
#include <string_view>

#include "models/core/data_files.hpp"
#include "models/core/toml_document.hpp"

namespace fleetwright {
namespace {

std::string text_at(const TomlMap& map, std::string_view key) {
  const TomlEntry* entry = map.find(key);
  const auto* text = entry == nullptr ? nullptr : std::get_if<std::string>(&entry->value.data);
  return text == nullptr ? "" : *text;
}

std::map<std::string, KnownSource> read_sources() {
  std::map<std::string, KnownSource> sources;
  for (const char* file : {"profiles/data/sources.toml", "planner/data/sources.toml"}) {
    for (const TomlEntry& e : parse_toml_file(data_file(file)).entries) {
      if (const auto* map = std::get_if<TomlMap>(&e.value.data)) {
        sources[e.key] = {e.key, text_at(*map, "citation"), text_at(*map, "url")};
      }
    }
  }
  return sources;
}

bool in_a_key(char c) { return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-'; }

}  // namespace

std::vector<KnownSource> sources_named_in(const std::vector<std::string>& texts) {
  const std::map<std::string, KnownSource> known = read_sources();
  std::set<std::string> named;
  for (const std::string& text : texts) {
    std::string word;
    for (const char c : text + " ") {
      if (in_a_key(c)) {
        word += c;
      } else if (!word.empty()) {
        if (known.contains(word)) named.insert(word);
        word.clear();
      }
    }
  }
  std::vector<KnownSource> sources;
  for (const std::string& key : named) sources.push_back(known.at(key));
  return sources;
}

}  // namespace fleetwright
