#include <nlohmann/json.hpp>

#include "models/core/overloaded.hpp"
#include "planner/sweep/sweep_store.hpp"

namespace fleetwright {
namespace {

using Json = nlohmann::ordered_json;

Json json_of(const TomlValue& value) {
  return std::visit(Overloaded{[](const TomlArray& items) {
                                 Json array = Json::array();
                                 for (const TomlValue& v : items) array.push_back(json_of(v));
                                 return array;
                               },
                               [](const TomlMap& map) {
                                 Json object = Json::object();
                                 for (const TomlEntry& e : map.entries) {
                                   object[e.key] = json_of(e.value);
                                 }
                                 return object;
                               },
                               [](const auto& scalar) { return Json(scalar); }},
                    value.data);
}

}  // namespace

std::string inputs_json(const std::vector<Assignment>& inputs) {
  Json object = Json::object();
  for (const Assignment& a : inputs) {
    const TomlMap document = parse_toml("value = " + a.value, "");
    object[a.key] = json_of(document.entries.front().value);
  }
  return object.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace fleetwright
