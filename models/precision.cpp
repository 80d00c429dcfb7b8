#include "models/precision.hpp"

#include <fmt/format.h>

#include <array>
#include <optional>
#include <stdexcept>
#include <vector>

#include "models/core/suggest.hpp"
#include "models/core/toml_table.hpp"

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

std::vector<std::string> format_names() {
  std::vector<std::string> names;
  for (const Format& f : formats) names.emplace_back(f.name);
  return names;
}

Precision read_format(TomlTable& table, std::string_view key) {
  table.require(key, "\"bf16\"");
  const auto word = table.choice(key, format_names());
  return word ? parse_precision(*word) : Precision::bf16;
}

double read_bytes(TomlTable& table, std::string_view key) {
  table.require(key, "2");
  return table.number(key, {0.0, 16.0}).value_or(0.0);
}

PrecisionRecipe read_recipe(const std::string& name, TomlTable table) {
  PrecisionRecipe r;
  r.name = name;
  table.require("source", "\"where this comes from\"");
  r.source = table.text("source").value_or("");
  r.gemm = read_format(table, "gemm");
  r.attention = read_format(table, "attention");
  r.head = read_format(table, "head");
  r.activation_bytes = read_bytes(table, "activation_bytes");
  r.gemm_input_bytes = read_bytes(table, "gemm_input_bytes");
  r.attention_output_bytes = read_bytes(table, "attention_output_bytes");
  r.mlp_input_bytes = read_bytes(table, "mlp_input_bytes");
  r.weight_bytes = read_bytes(table, "weight_bytes");
  r.gradient_bytes = read_bytes(table, "gradient_bytes");
  r.master_bytes = read_bytes(table, "master_bytes");
  r.moment_bytes = read_bytes(table, "moment_bytes");
  r.gradient_reduce_bytes = read_bytes(table, "gradient_reduce_bytes");
  r.parameter_gather_bytes = read_bytes(table, "parameter_gather_bytes");
  r.dispatch_bytes = read_bytes(table, "dispatch_bytes");
  r.combine_bytes = read_bytes(table, "combine_bytes");
  table.refuse_unknown_keys();
  return r;
}

}  // namespace

std::string_view to_string(Precision precision) { return format_of(precision).name; }

Precision parse_precision(std::string_view text) {
  for (const Format& f : formats) {
    if (f.name == text) return f.precision;
  }
  throw std::invalid_argument(
      fmt::format("unknown number format '{}'; {}", text, did_you_mean(text, format_names())));
}

double bytes_per_element(Precision precision) { return format_of(precision).bytes; }

bool needs_quantization(Precision precision) { return format_of(precision).quantized; }

std::map<std::string, PrecisionRecipe> read_precision_recipes(const std::filesystem::path& file) {
  return read_named_tables<PrecisionRecipe>(file, read_recipe);
}

}  // namespace fleetwright
