#include "profiles/gpu/checks/quantized.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "profiles/gpu/checks/compare.hpp"
#include "profiles/gpu/checks/exact.hpp"
#include "profiles/gpu/kernels/scale_layout.hpp"
#include "profiles/gpu/reference/number_formats.hpp"
#include "profiles/gpu/reference/quantize.hpp"

namespace fleetwright::gpu {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

std::size_t block_rows(ScaleBlocks blocks) { return blocks == ScaleBlocks::squares ? 128 : 1; }

// Where the scale of block (i, j) lies.
std::size_t place(const QuantizedOutput& got, const reference::Matrix& scales, std::size_t i,
                  std::size_t j) {
  const bool squares = got.blocks == ScaleBlocks::squares;
  const auto pitch = static_cast<std::size_t>(
      scale_pitch(static_cast<int>(squares ? scales.columns : scales.rows)));
  return squares ? i * pitch + j : j * pitch + i;
}

double largest_relative_error(const std::vector<double>& got, const std::vector<double>& expected) {
  double largest = 0;
  for (std::size_t i = 0; i < got.size(); ++i) {
    const double error = std::abs(got[i] - expected[i]) / expected[i];
    if (!(error <= largest)) largest = error;
    if (std::isnan(error)) return nan;
  }
  return largest;
}

double nonzero_padding(const QuantizedOutput& got, const reference::Matrix& scales) {
  std::vector<bool> pads(got.scales.size(), true);
  for (std::size_t i = 0; i < scales.rows; ++i) {
    for (std::size_t j = 0; j < scales.columns; ++j) pads[place(got, scales, i, j)] = false;
  }
  double wrong = 0;
  for (std::size_t i = 0; i < pads.size(); ++i) {
    if (pads[i] && got.scales[i] != 0) ++wrong;
  }
  return wrong;
}

}  // namespace

reference::Matrix scales_of(const QuantizedOutput& got, std::size_t rows, std::size_t columns) {
  const int r = static_cast<int>(rows), c = static_cast<int>(columns);
  const bool squares = got.blocks == ScaleBlocks::squares;
  reference::Matrix scales(squares ? static_cast<std::size_t>(scale_groups(r)) : rows,
                           static_cast<std::size_t>(scale_groups(c)));
  const int size = squares ? scales_128x128(r, c) : scales_1x128(r, c);
  if (got.scales.size() != static_cast<std::size_t>(size)) {
    std::fill(scales.at.begin(), scales.at.end(), nan);
    return scales;
  }
  for (std::size_t i = 0; i < scales.rows; ++i) {
    for (std::size_t j = 0; j < scales.columns; ++j) {
      scales(i, j) = static_cast<double>(got.scales[place(got, scales, i, j)]);
    }
  }
  return scales;
}

void compare_quantized(std::vector<CheckResult>& results, const std::string& what,
                       const QuantizedOutput& got, const reference::Matrix& x, double tolerance) {
  const std::size_t height = block_rows(got.blocks);
  const reference::Matrix scales = scales_of(got, x.rows, x.columns);
  const reference::Matrix expected = reference::block_scales(x, height, 128);
  results.push_back({what + " scales", largest_relative_error(scales.at, expected.at), tolerance});
  if (std::isnan(results.back().error)) return;
  results.push_back({what + " padding", nonzero_padding(got, scales), 0});

  const std::vector<double> values = widen(got.codes);
  std::vector<double> quotients(x.at.size());
  double worst = values.size() == x.at.size() ? 0 : nan;
  for (std::size_t i = 0; i < x.at.size() && !std::isnan(worst); ++i) {
    const double scale = scales(i / x.columns / height, i % x.columns / 128);
    quotients[i] = x.at[i] / scale;
    if (std::isnan(x.at[i])) continue;
    const double allowed = std::abs(x.at[i]) / 16 + scale * 0x1p-10;
    const double error = std::abs(values[i] * scale - x.at[i]) / allowed;
    if (!(error <= worst)) worst = error;
  }
  results.push_back(
      compare_rounded(what + " codes", values, quotients, tolerance, reference::round_e4m3));
  results.push_back({what + " dequantized", worst, 1 + 32 * tolerance});
}

}  // namespace fleetwright::gpu
