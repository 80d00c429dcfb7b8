#include "models/precision.hpp"

#include <fmt/format.h>

#include <array>
#include <stdexcept>
#include <vector>

#include "models/core/suggest.hpp"

namespace fleetwright {
namespace {

struct Format {
  Precision precision;
  std::string_view name;
  double bytes;
  bool quantized;
};

constexpr std::array formats{
    Format{Precision::fp32, "fp32", 4, false},  Format{Precision::tf32, "tf32", 4, false},
    Format{Precision::fp16, "fp16", 2, false},  Format{Precision::bf16, "bf16", 2, false},
    Format{Precision::fp8, "fp8", 1, true},     Format{Precision::fp8_block, "fp8-block", 1, true},
    Format{Precision::mxfp8, "mxfp8", 1, true}, Format{Precision::fp4, "fp4", 0.5, true}};

const Format& format_of(Precision precision) {
  return formats.at(static_cast<std::size_t>(precision));
}

}  // namespace

std::string_view to_string(Precision precision) { return format_of(precision).name; }

Precision parse_precision(std::string_view text) {
  for (const Format& f : formats) {
    if (f.name == text) return f.precision;
  }
  throw std::invalid_argument(
      fmt::format("unknown number format '{}'; {}", text, did_you_mean(text, precision_names())));
}

double bytes_per_element(Precision precision) { return format_of(precision).bytes; }

std::vector<std::string> precision_names() {
  std::vector<std::string> names;
  for (const Format& f : formats) names.emplace_back(f.name);
  return names;
}

bool needs_quantization(Precision precision) { return format_of(precision).quantized; }

}  // namespace fleetwright
