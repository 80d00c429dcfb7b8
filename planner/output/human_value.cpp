#include "planner/output/human_value.hpp"

#include <fmt/format.h>

#include "models/core/format.hpp"
#include "models/core/quantity.hpp"

namespace fleetwright {
namespace {

bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

}  // namespace

std::string human_value(std::string_view path, double value) {
  // Of a sum, all terms are of one unit.
  path = path.substr(0, path.find(" + "));
  const std::string_view key = path.substr(path.rfind('.') + 1);
  if (key.ends_with("_s") || contains(path, "parts_s.")) return human(Seconds{value});
  if (key == "kv_cache_bytes_per_token") return fmt::format("{:.3f} kB", value / 1e3);
  if (contains(key, "_bytes")) return human(Bytes{value});
  if (contains(key, "tflops")) return fmt::format("{:.1f} TFLOP/s", value);
  if (contains(key, "flop_per_token")) return fmt::format("{:.1f} GFLOP", value / 1e9);
  if (key.starts_with("mfu") || key == "goodput" || key == "ettr" || key == "share") {
    return fmt::format("{:.2f} %", 100 * value);
  }
  if (key == "days" || contains(path, ".days.")) return fmt::format("{:.2f} days", value);
  if (contains(path, "_usd")) return human(Usd{value});
  if (contains(key, "gpu_hours")) return human_count(value) + " h";
  if (key.ends_with("_mwh")) return fmt::format("{:.4g} GWh", value / 1e3);
  if (key.ends_with("power_w")) return fmt::format("{:.0f} W", value);
  if (key.ends_with("_j")) return fmt::format("{:.1f} kWh", value / 3.6e6);
  if (key.ends_with("co2_t")) return fmt::format("{:.0f} t", value);
  return human_count(value);
}

}  // namespace fleetwright
