#include "profiles/time_models/kernel_key.hpp"

#include <fmt/core.h>

#include "profiles/time_models/roofline.hpp"

namespace fleetwright {
namespace {

// FP16 and BF16 run at one rate on every part since Ampere.
std::string_view format_word(Precision p) {
  return p == Precision::fp16 ? to_string(Precision::bf16) : to_string(p);
}

bool is_weight_gradient(const Operator& op) {
  if (const auto* g = std::get_if<Gemm>(&op)) return g->pass == GemmPass::weight_gradient;
  if (const auto* g = std::get_if<GroupedGemm>(&op)) return g->pass == GemmPass::weight_gradient;
  return false;
}

std::string key_of(std::string_view kernel, std::optional<Precision> precision, bool weight) {
  std::string key(kernel);
  if (precision) key += fmt::format(" {}", format_word(*precision));
  if (weight) key += " weight gradient";
  return key;
}

}  // namespace

std::optional<Precision> precision_of(const Operator& op) {
  if (const auto* g = std::get_if<Gemm>(&op)) return g->precision;
  if (const auto* g = std::get_if<GroupedGemm>(&op)) return g->precision;
  if (const auto* a = std::get_if<Attention>(&op)) return a->precision;
  return std::nullopt;
}

std::string kernel_key(const Operator& op) {
  return key_of(kernel_name(op), precision_of(op), is_weight_gradient(op));
}

std::vector<std::string> same_format_keys(const Operator& op) {
  std::vector<std::string_view> kernels{kernel_name(op)};
  if (std::holds_alternative<GroupedGemm>(op)) kernels.push_back(kernel_name(Gemm{}));
  std::vector<std::string> keys;
  for (const std::string_view kernel : kernels) {
    if (is_weight_gradient(op)) keys.push_back(key_of(kernel, precision_of(op), true));
    keys.push_back(key_of(kernel, precision_of(op), false));
  }
  return keys;
}

std::vector<std::string> stand_in_keys(const Operator& op) {
  std::vector<std::string> keys{kernel_key(op)};
  const auto precision = precision_of(op);
  if (!precision) {
    keys.emplace_back("copy");
    return keys;
  }
  std::vector<Precision> formats{*precision};
  if (*precision == Precision::mxfp8) formats.push_back(Precision::fp8_block);
  if (*precision == Precision::mxfp8 || *precision == Precision::fp8_block) {
    formats.push_back(Precision::fp8);
  }
  if (*precision == Precision::fp8) formats.push_back(Precision::fp8_block);
  formats.push_back(Precision::bf16);
  std::vector<std::string> kernels{std::string(kernel_name(op))};
  if (kernels[0] == "grouped_gemm") kernels.emplace_back("gemm");
  for (const Precision format : formats) {
    for (const std::string& kernel : kernels) {
      for (const bool weight : {true, false}) {
        if (weight && !is_weight_gradient(op)) continue;
        keys.push_back(key_of(kernel, format, weight));
      }
    }
  }
  return keys;
}

std::array<double, 4> coordinates_under(const std::string& key, const Operator& op) {
  const auto* grouped = std::get_if<GroupedGemm>(&op);
  if (grouped == nullptr || key.starts_with(kernel_name(op))) return shape_coordinates(op);
  const bool weight = grouped->pass == GemmPass::weight_gradient;
  const double rows = weight ? grouped->m : grouped->m / grouped->groups;
  const double depth = weight ? grouped->k / grouped->groups : grouped->k;
  return shape_coordinates(Gemm{rows, grouped->n, depth, grouped->precision, grouped->pass});
}

}  // namespace fleetwright
