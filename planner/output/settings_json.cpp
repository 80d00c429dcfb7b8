#include "planner/output/settings_json.hpp"

#include <nlohmann/json.hpp>

#include <cmath>
#include <cstdint>
#include <string_view>

namespace fleetwright {
namespace {

using Json = nlohmann::ordered_json;

std::string_view name_of(AllowedValues::Type type) {
  constexpr std::string_view names[] = {"text",   "choice",   "boolean", "integer",
                                        "number", "quantity", "list"};
  return names[static_cast<std::size_t>(type)];
}

// A whole bound as an integer, for that is how it would be written.
Json bound(double value) {
  constexpr double exact = 9'007'199'254'740'992.0;  // 2^53, to which doubles are exact
  const bool whole = value == std::floor(value) && std::abs(value) <= exact;
  return whole ? Json(static_cast<std::int64_t>(value)) : Json(value);
}

}  // namespace

std::string settings_json(const std::vector<DescribedSetting>& settings) {
  Json array = Json::array();
  for (const DescribedSetting& s : settings) {
    Json object{{"setting", s.setting.path},
                {"value", s.setting.value},
                {"origin", s.setting.origin},
                {"type", name_of(s.allowed.type)}};
    if (s.allowed.minimum) object["minimum"] = bound(*s.allowed.minimum);
    if (s.allowed.maximum) object["maximum"] = bound(*s.allowed.maximum);
    if (s.allowed.more_than) object["more_than"] = bound(*s.allowed.more_than);
    if (!s.allowed.choices.empty()) object["choices"] = s.allowed.choices;
    if (!s.allowed.example.empty()) object["example"] = s.allowed.example;
    array.push_back(std::move(object));
  }
  return array.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace fleetwright
