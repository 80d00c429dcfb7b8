#include "profiles/gpu/checks/storage_formats_check.hpp"

#include <cmath>
#include <random>

#include "profiles/gpu/checks/compare.hpp"
#include "profiles/gpu/checks/exact.hpp"
#include "profiles/gpu/checks/quantized.hpp"
#include "profiles/gpu/kernels/storage_formats.hpp"
#include "profiles/gpu/reference/number_formats.hpp"
#include "profiles/gpu/reference/quantize.hpp"
#include "profiles/gpu/reference/storage_formats.hpp"

namespace fleetwright::gpu {
namespace {

struct Shape {
  int rows;
  int columns;

  [[nodiscard]] std::size_t size() const {
    return static_cast<std::size_t>(rows) * static_cast<std::size_t>(columns);
  }
  [[nodiscard]] std::string name() const {
    return " " + std::to_string(rows) + "x" + std::to_string(columns);
  }
};

// Every byte, and with it the code of NaN.
std::vector<__nv_fp8_storage_t> random_codes(std::size_t size, std::uint64_t seed) {
  std::mt19937_64 engine(seed);
  std::vector<__nv_fp8_storage_t> codes(size);
  for (auto& code : codes) code = static_cast<__nv_fp8_storage_t>(engine() % 256);
  return codes;
}

void check_dequantize(std::vector<CheckResult>& results, Shape shape, std::uint64_t seed) {
  QuantizedOutput input{
      random_codes(shape.size(), seed),
      random_fp32(static_cast<std::size_t>(scales_1x128(shape.rows, shape.columns)), seed),
      ScaleBlocks::vectors};
  const DeviceArray<__nv_fp8_storage_t> codes(input.codes);
  const DeviceArray<float> scales(input.scales);
  DeviceArray<__nv_bfloat16> x(shape.size());
  device_fill(x.data(), 0xff, x.bytes());
  dequantize_1x128(codes.data(), scales.data(), x.data(), shape.rows, shape.columns, nullptr);
  device_synchronize();

  const auto rows = static_cast<std::size_t>(shape.rows);
  const auto columns = static_cast<std::size_t>(shape.columns);
  reference::Quantized quantized{reference::Matrix(rows, columns), scales_of(input, rows, columns)};
  quantized.values.at = widen(input.codes);
  // The product is rounded to FP32 first.
  results.push_back(compare_rounded("dequantize_1x128" + shape.name(), widen(x.host()),
                                    reference::dequantize(quantized).at, 0x1p-24,
                                    reference::round_bf16));
}

// Ordinary numbers, those that become subnormal, and those that saturate; in front the ties and the
// ends of the format.
std::vector<__nv_bfloat16> wide_numbers(std::size_t size, std::uint64_t seed) {
  std::vector<float> numbers = random_fp32(size, seed);
  for (std::size_t i = 0; i < size; ++i) {
    if (i % 3 == 1) numbers[i] *= 0x1p-16F;
    if (i % 7 == 6) numbers[i] *= 0x1p16F;
  }
  const float special[] = {0.0F,      -0.0F,     0x1p-21F,     0x3p-21F,  0x1.02p-14F, 0x1.fep-15F,
                           130048.0F, 131072.0F, -0x1.fep127F, 0x1p-133F, 0x1.02p0F,   0x1.06p0F};
  for (std::size_t i = 0; i < std::size(special) && i < size; ++i) numbers[i] = special[i];
  std::vector<__nv_bfloat16> narrow;
  for (const float x : numbers) narrow.push_back(__float2bfloat16_rn(x));
  return narrow;
}

void check_12bit(std::vector<CheckResult>& results, Shape shape, std::uint64_t seed) {
  const std::vector<__nv_bfloat16> numbers = wide_numbers(shape.size(), seed);
  const DeviceArray<__nv_bfloat16> x(numbers);
  DeviceArray<std::uint32_t> words(words_12bit(shape.size()));
  DeviceArray<__nv_bfloat16> back(shape.size());
  device_fill(words.data(), 0xff, words.bytes());
  device_fill(back.data(), 0xff, back.bytes());
  quantize_12bit(x.data(), words.data(), shape.rows, shape.columns, nullptr);
  dequantize_12bit(words.data(), back.data(), shape.rows, shape.columns, nullptr);
  device_synchronize();

  std::vector<double> rounded;
  std::vector<std::uint16_t> codes;
  for (const double value : widen(numbers)) {
    rounded.push_back(reference::round_e5m6(value));
    codes.push_back(reference::encode_e5m6(rounded.back()));
  }
  results.push_back(
      compare_exactly("quantize_12bit" + shape.name(), words.host(), reference::pack_12bit(codes)));
  results.push_back(
      compare_exactly("dequantize_12bit" + shape.name(), widen(back.host()), rounded));
}

void check_transpose(std::vector<CheckResult>& results, Shape shape, std::uint64_t seed) {
  const std::vector<__nv_fp8_storage_t> codes = random_codes(shape.size(), seed);
  const DeviceArray<__nv_fp8_storage_t> from(codes);
  DeviceArray<__nv_fp8_storage_t> to(shape.size());
  transpose_fp8(from.data(), to.data(), shape.rows, shape.columns, nullptr);
  device_synchronize();
  reference::Matrix bytes(static_cast<std::size_t>(shape.rows),
                          static_cast<std::size_t>(shape.columns));
  bytes.at.assign(codes.begin(), codes.end());
  const std::vector<__nv_fp8_storage_t> got = to.host();
  results.push_back(compare_exactly("transpose_fp8" + shape.name(),
                                    std::vector<double>(got.begin(), got.end()),
                                    reference::transposed(bytes).at));
}

}  // namespace

std::vector<CheckResult> check_storage_formats(std::uint64_t seed) {
  std::vector<CheckResult> results;
  for (const Shape shape :
       {Shape{1, 16}, Shape{5, 576}, Shape{11, 512}, Shape{3, 7168}, Shape{17, 1536}}) {
    check_dequantize(results, shape, seed++);
  }
  for (const Shape shape : {Shape{1, 16}, Shape{1, 1024}, Shape{7, 1536}, Shape{2, 16384}}) {
    check_12bit(results, shape, seed++);
  }
  for (const Shape shape :
       {Shape{1, 16}, Shape{131, 144}, Shape{272, 64}, Shape{576, 256}, Shape{128, 128}}) {
    check_transpose(results, shape, seed++);
  }
  return results;
}

}  // namespace fleetwright::gpu
