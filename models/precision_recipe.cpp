#include "models/precision_recipe.hpp"

#include "models/core/toml_table.hpp"

namespace fleetwright {
namespace {

Precision read_format(TomlTable& table, std::string_view key) {
  table.require(key, "\"bf16\"");
  const auto word = table.choice(key, precision_names());
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

std::map<std::string, PrecisionRecipe> read_precision_recipes(const std::filesystem::path& file) {
  return read_named_tables<PrecisionRecipe>(file, read_recipe);
}

}  // namespace fleetwright
