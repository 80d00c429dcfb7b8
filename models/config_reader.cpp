#include "models/config_reader.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <map>

#include "models/json_keys.hpp"

namespace fleetwright {
namespace {

// A value for a message; arrays and objects by their kind, as they may be long and deep.
std::string shown(const nlohmann::json& value) {
  if (value.is_structured()) return fmt::format("({})", value.type_name());
  std::string text = value.dump();
  constexpr std::size_t longest = 40;
  if (text.size() > longest) text = text.substr(0, longest) + "...";
  return text;
}

// The JSON library does not say where a number is that no double holds, but quotes it.
SourceLocation locate_overflow(std::string_view text, std::string_view what,
                               const std::string& file) {
  const std::size_t close = what.rfind('\'');
  const std::size_t open = close == 0 ? std::string_view::npos : what.rfind('\'', close - 1);
  if (close == std::string_view::npos || open == std::string_view::npos) return {file, 1, 1};
  const std::size_t at = text.find(what.substr(open + 1, close - open - 1));
  return at == std::string_view::npos ? SourceLocation{file, 1, 1} : locate_offset(text, at, file);
}

}  // namespace

struct ConfigReader::Document {
  nlohmann::json json;
  std::map<std::string, SourceLocation> keys;
};

ConfigReader::ConfigReader(std::string_view text, const std::string& file)
    : document_(std::make_unique<Document>()), file_(file) {
  try {
    document_->json = nlohmann::json::parse(text);
  } catch (const nlohmann::json::parse_error& e) {
    throw ScenarioError({{locate_offset(text, e.byte > 0 ? e.byte - 1 : 0, file),
                          e.byte > text.size() ? "malformed JSON: the text ends too early"
                                               : "malformed JSON: the text is not valid here",
                          ""}});
  } catch (const nlohmann::json::out_of_range& e) {
    throw ScenarioError(
        {{locate_overflow(text, e.what(), file), "malformed JSON: the number is too large", ""}});
  }
  if (!document_->json.is_object()) {
    throw ScenarioError({{{file, 1, 1}, "a model config must be a JSON object", ""}});
  }
  document_->keys = locate_keys(text, file);
}

ConfigReader::~ConfigReader() = default;

bool ConfigReader::has(std::string_view name) const {
  const auto at = document_->json.find(name);
  return at != document_->json.end() && !at->is_null();
}

SourceLocation ConfigReader::where(std::string_view name) const {
  const auto at = document_->keys.find(std::string(name));
  return at == document_->keys.end() ? SourceLocation{file_, 1, 1} : at->second;
}

void ConfigReader::error(std::string_view name, std::string message, std::string suggestion) {
  diagnostics_.add(where(name), std::move(message), std::move(suggestion));
}

void ConfigReader::throw_if_any() const { diagnostics_.throw_if_any(); }

std::string_view ConfigReader::present(const std::vector<std::string_view>& names) const {
  const auto at = std::ranges::find_if(names, [&](std::string_view name) { return has(name); });
  return at == names.end() ? names.front() : *at;
}

std::optional<int> ConfigReader::whole_number(std::string_view name, int low, int high) {
  const nlohmann::json& value = document_->json.at(std::string(name));
  const double number = value.is_number() ? value.get<double>() : std::nan("");
  if (!(number >= low && number <= high) || number != std::floor(number)) {
    error(name, fmt::format("{} = {} must be a whole number from {} to {}", name, shown(value), low,
                            high));
    return std::nullopt;
  }
  return static_cast<int>(number);
}

std::optional<int> ConfigReader::optional_count(const std::vector<std::string_view>& names) {
  const std::string_view name = present(names);
  return has(name) ? whole_number(name, 1, largest_count) : std::nullopt;
}

int ConfigReader::count(const std::vector<std::string_view>& names, int high) {
  const std::string_view name = present(names);
  if (has(name)) return whole_number(name, 1, high).value_or(1);
  error(name, fmt::format("missing key '{}'", name),
        names.size() > 1
            ? fmt::format("also read as: {}", fmt::join(names.begin() + 1, names.end(), ", "))
            : "");
  return 1;
}

int ConfigReader::count_or(std::string_view name, int fallback) {
  return has(name) ? whole_number(name, 0, largest_count).value_or(fallback) : fallback;
}

bool ConfigReader::flag_or(std::string_view name, bool fallback) {
  if (!has(name)) return fallback;
  const nlohmann::json& value = document_->json.at(std::string(name));
  if (value.is_boolean()) return value.get<bool>();
  error(name, fmt::format("{} = {} must be true or false", name, shown(value)));
  return fallback;
}

bool ConfigReader::nested_flag_or(std::string_view table, std::string_view name, bool fallback) {
  if (!has(table) || !document_->json.at(std::string(table)).is_object()) return fallback;
  const nlohmann::json& object = document_->json.at(std::string(table));
  const auto at = object.find(name);
  return at != object.end() && at->is_boolean() ? at->get<bool>() : fallback;
}

bool ConfigReader::has_elements(std::string_view name) const {
  return has(name) && document_->json.at(std::string(name)).is_array() &&
         !document_->json.at(std::string(name)).empty();
}

std::string ConfigReader::text_or(std::string_view name, std::string_view fallback) {
  if (!has(name)) return std::string(fallback);
  const nlohmann::json& value = document_->json.at(std::string(name));
  if (value.is_string()) return value.get<std::string>();
  error(name, fmt::format("{} = {} must be a text", name, shown(value)));
  return std::string(fallback);
}

}  // namespace fleetwright
