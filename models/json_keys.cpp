#include "models/json_keys.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <set>
#include <vector>

namespace fleetwright {

SourceLocation locate_offset(std::string_view text, std::size_t offset, const std::string& file) {
  const std::string_view before = text.substr(0, std::min(offset, text.size()));
  const auto line = 1 + std::ranges::count(before, '\n');
  const std::size_t start = before.rfind('\n') + 1;  // npos + 1 is 0
  return {file, static_cast<int>(line), static_cast<int>(before.size() - start + 1)};
}

std::map<std::string, SourceLocation> locate_keys(std::string_view json, const std::string& file) {
  std::map<std::string, SourceLocation> keys;
  std::vector<std::set<std::string_view>> open;  // the keys of each object or array around
  int line = 1;
  std::size_t line_start = 0;
  for (std::size_t i = 0; i < json.size(); ++i) {
    const char c = json[i];
    if (c == '\n') {
      ++line;
      line_start = i + 1;
    }
    // The parser takes it for the end of the text.
    if (c == '\0') {
      throw ScenarioError({{locate_offset(json, i, file), "a NUL byte in the text", "remove it"}});
    }
    if (c == '{' || c == '[') open.emplace_back();
    if ((c == '}' || c == ']') && !open.empty()) open.pop_back();
    if (c != '"') continue;
    const std::size_t begin = i++;
    while (i < json.size() && json[i] != '"') i += json[i] == '\\' ? 2 : 1;
    const std::size_t after = json.find_first_not_of(" \t\r\n", i + 1);
    if (open.empty() || after == std::string_view::npos || json[after] != ':') continue;
    const std::string_view key = json.substr(begin + 1, i - begin - 1);
    const SourceLocation where{file, line, static_cast<int>(begin - line_start + 1)};
    if (!open.back().insert(key).second) {
      throw ScenarioError({{where, fmt::format("duplicate key '{}'", key), "keep one of the two"}});
    }
    if (open.size() == 1) keys.emplace(key, where);
  }
  return keys;
}

}  // namespace fleetwright
