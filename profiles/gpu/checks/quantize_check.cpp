#include "profiles/gpu/checks/quantize_check.hpp"

#include <cmath>

#include "profiles/gpu/checks/compare.hpp"
#include "profiles/gpu/checks/quantized.hpp"
#include "profiles/gpu/kernels/quantize.hpp"
#include "profiles/gpu/reference/quantize.hpp"

namespace fleetwright::gpu {
namespace {

// Three roundings to FP32: of the scale, of its reciprocal, of the product.
constexpr double tolerance = 0x1p-22;

/// A matrix on both sides.
struct Input {
  int rows;
  int columns;
  std::vector<__nv_bfloat16> values;

  [[nodiscard]] std::string name() const {
    return " " + std::to_string(rows) + "x" + std::to_string(columns);
  }
  [[nodiscard]] reference::Matrix matrix() const {
    reference::Matrix m(static_cast<std::size_t>(rows), static_cast<std::size_t>(columns));
    m.at = widen(values);
    return m;
  }
};

Input random_input(int rows, int columns, std::uint64_t seed) {
  const auto size = static_cast<std::size_t>(rows) * static_cast<std::size_t>(columns);
  return {rows, columns, random_bf16(size, seed)};
}

// Rows of 128: zeros, numbers too small for a scale, the smallest that BF16 has beside ordinary
// ones, its largest, NaN among ordinary ones.
Input awkward_input(std::uint64_t seed) {
  Input input = random_input(5, 128, seed);
  for (std::size_t i = 0; i < input.values.size(); ++i) {
    const float x = __bfloat162float(input.values[i]);
    float awkward = x;
    switch (i / 128) {
      case 0:
        awkward = i % 2 == 0 ? 0.0F : -0.0F;
        break;
      case 1:
        awkward = x * 0x1p-118F;
        break;
      case 2:
        awkward = i % 2 == 0 ? 0x1p-133F : x;
        break;
      case 3:
        awkward = x > 0 ? 0x1.fep127F : -0x1p126F * std::abs(x) / 8;
        break;
      default:
        awkward = i % 17 == 0 ? std::nanf("") : x;
    }
    input.values[i] = __float2bfloat16_rn(awkward);
  }
  return input;
}

// Whole numbers, many of which lie by ties, and 448, so that the scale is 1.
Input whole_numbers() {
  Input input{1, 128, {}};
  for (int i = -63; i <= 63; ++i) {
    input.values.push_back(__float2bfloat16_rn(static_cast<float>(i)));
  }
  input.values.push_back(__float2bfloat16_rn(448.0F));
  return input;
}

/// Room for codes and scales, and what a kernel wrote there.
struct Room {
  DeviceArray<__nv_fp8_storage_t> codes;
  DeviceArray<float> scales;
  ScaleBlocks blocks;

  Room(int rows, int columns, ScaleBlocks b)
      : codes(static_cast<std::size_t>(rows) * static_cast<std::size_t>(columns)),
        scales(static_cast<std::size_t>(b == ScaleBlocks::squares ? scales_128x128(rows, columns)
                                                                  : scales_1x128(rows, columns))),
        blocks(b) {
    device_fill(codes.data(), 0xff, codes.bytes());
    device_fill(scales.data(), 0xff, scales.bytes());
  }
  [[nodiscard]] QuantizedOutput output() const { return {codes.host(), scales.host(), blocks}; }
};

void check_rows(std::vector<CheckResult>& results, const Input& input, double error = tolerance) {
  const DeviceArray<__nv_bfloat16> x(input.values);
  Room room(input.rows, input.columns, ScaleBlocks::vectors);
  quantize_1x128(x.data(), room.codes.data(), room.scales.data(), input.rows, input.columns,
                 nullptr);
  device_synchronize();
  compare_quantized(results, "quantize_1x128" + input.name(), room.output(), input.matrix(), error);
}

void check_columns(std::vector<CheckResult>& results, const Input& input) {
  const DeviceArray<__nv_bfloat16> x(input.values);
  Room room(input.columns, input.rows, ScaleBlocks::vectors);
  quantize_transpose_1x128(x.data(), room.codes.data(), room.scales.data(), input.rows,
                           input.columns, nullptr);
  device_synchronize();
  compare_quantized(results, "quantize_transpose_1x128" + input.name(), room.output(),
                    reference::transposed(input.matrix()), tolerance);
}

void check_squares(std::vector<CheckResult>& results, const Input& input) {
  const DeviceArray<__nv_bfloat16> x(input.values);
  const reference::Matrix matrix = input.matrix();
  Room alone(input.rows, input.columns, ScaleBlocks::squares);
  quantize_128x128(x.data(), alone.codes.data(), alone.scales.data(), input.rows, input.columns,
                   nullptr);
  Room plain(input.rows, input.columns, ScaleBlocks::squares);
  Room turned(input.columns, input.rows, ScaleBlocks::squares);
  quantize_transpose_128x128(x.data(), plain.codes.data(), plain.scales.data(), turned.codes.data(),
                             turned.scales.data(), input.rows, input.columns, nullptr);
  device_synchronize();
  const std::string name = "quantize_transpose_128x128" + input.name();
  compare_quantized(results, "quantize_128x128" + input.name(), alone.output(), matrix, tolerance);
  compare_quantized(results, name, plain.output(), matrix, tolerance);
  compare_quantized(results, name + " transpose", turned.output(), reference::transposed(matrix),
                    tolerance);
}

}  // namespace

std::vector<CheckResult> check_quantize(std::uint64_t seed) {
  struct Shape {
    int rows;
    int columns;
  };
  std::vector<CheckResult> results;
  // One pack a lane, two and four; rows that end in the middle of a tile; DeepSeek-V3's widths.
  for (const auto [rows, columns] :
       {Shape{1, 16}, Shape{5, 576}, Shape{11, 512}, Shape{3, 7168}, Shape{17, 1536}}) {
    check_rows(results, random_input(rows, columns, seed++));
  }
  // Rows that are and that are not a multiple of the 16 bytes that are stored at once.
  for (const auto [rows, columns] :
       {Shape{1, 16}, Shape{131, 144}, Shape{272, 64}, Shape{40, 576}, Shape{128, 256}}) {
    check_columns(results, random_input(rows, columns, seed++));
    check_squares(results, random_input(rows, columns, seed++));
  }
  check_rows(results, whole_numbers(), 0);
  const Input awkward = awkward_input(seed);
  check_rows(results, awkward);
  check_squares(results, awkward);
  Input columns{128, 16, {}};
  for (std::size_t i = 0; i < 128 * 16; ++i) {
    columns.values.push_back(awkward.values[i % 16 % 5 * 128 + i / 16]);
  }
  check_columns(results, columns);
  return results;
}

}  // namespace fleetwright::gpu
