#pragma once

#include <cstdint>

namespace fleetwright::gpu::reference {

/// To the nearest value of a binary format, ties to even; subnormals kept. `mantissa` counts the
/// stored bits; values beyond `largest` saturate (NaN stays).
[[nodiscard]] double round_to(double x, int mantissa, int smallest_exponent, double largest);

[[nodiscard]] double round_bf16(double x);
[[nodiscard]] double round_fp32(double x);
/// OCP 8-bit E4M3 (largest 448), as in Micikevicius et al. 2022, arXiv 2209.05433.
[[nodiscard]] double round_e4m3(double x);
/// Twelve bits, 5 of exponent (bias 15) and 6 of mantissa, no infinities: the storage format that
/// DeepSeek-V3 keeps attention outputs in (arXiv 2412.19437, section 3.3.3).
[[nodiscard]] double round_e5m6(double x);

/// The byte of an E4M3 value and back. encode expects a value that round_e4m3 gives.
[[nodiscard]] std::uint8_t encode_e4m3(double x);
[[nodiscard]] double decode_e4m3(std::uint8_t code);

}  // namespace fleetwright::gpu::reference
