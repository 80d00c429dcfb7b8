#include "models/core/diagnostics.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <fstream>
#include <sstream>
#include <tuple>

#include "models/core/error.hpp"

namespace fleetwright {
namespace {

std::string position(const SourceLocation& where) {
  if (where.line == 0) return where.file;
  return fmt::format("{}:{}:{}", where.file, where.line, where.column);
}

std::string_view line_of(std::string_view text, int line) {
  for (int i = 1; i < line; ++i) {
    const auto end = text.find('\n');
    if (end == std::string_view::npos) return {};
    text.remove_prefix(end + 1);
  }
  text = text.substr(0, text.find('\n'));
  if (!text.empty() && text.back() == '\r') text.remove_suffix(1);
  return text;
}

}  // namespace

ScenarioError::ScenarioError(std::vector<Diagnostic> diagnostics)
    : diagnostics_(std::move(diagnostics)) {
  ensure(!diagnostics_.empty(), "a ScenarioError needs a diagnostic");
  for (const Diagnostic& d : diagnostics_) {
    what_ +=
        fmt::format("{}{}: error: {}", what_.empty() ? "" : "\n", position(d.where), d.message);
  }
}

void Diagnostics::add(SourceLocation where, std::string message, std::string suggestion) {
  diagnostics_.push_back({std::move(where), std::move(message), std::move(suggestion)});
}

void Diagnostics::throw_if_any() const {
  if (diagnostics_.empty()) return;
  auto sorted = diagnostics_;
  std::ranges::stable_sort(sorted, {}, [](const Diagnostic& d) {
    return std::tuple(d.where.file, d.where.line, d.where.column);
  });
  throw ScenarioError(std::move(sorted));
}

std::string render(const Diagnostic& diagnostic, std::string_view text) {
  std::string out = fmt::format("{}: error: {}\n", position(diagnostic.where), diagnostic.message);
  const std::string_view line =
      diagnostic.where.line > 0 ? line_of(text, diagnostic.where.line) : std::string_view{};
  if (!line.empty()) {
    const auto column = static_cast<std::size_t>(std::max(diagnostic.where.column, 1));
    std::string indent;
    // Tabs are kept, so that the caret stands under its character in any terminal.
    for (std::size_t i = 0; i + 1 < column && i < line.size(); ++i) {
      indent += line[i] == '\t' ? '\t' : ' ';
    }
    out += fmt::format("  {}\n  {}^\n", line, indent);
  }
  if (!diagnostic.suggestion.empty()) out += fmt::format("  help: {}\n", diagnostic.suggestion);
  return out;
}

std::string render(const std::vector<Diagnostic>& diagnostics) {
  std::string out;
  std::string file;
  std::string text;
  for (const Diagnostic& d : diagnostics) {
    if (d.where.file != file) {
      file = d.where.file;
      std::ifstream in(file, std::ios::binary);
      std::ostringstream content;
      if (in) content << in.rdbuf();
      text = content.str();
    }
    out += render(d, text);
  }
  return out;
}

}  // namespace fleetwright
