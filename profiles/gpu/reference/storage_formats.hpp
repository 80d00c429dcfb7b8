#pragma once

#include <cstdint>
#include <vector>

namespace fleetwright::gpu::reference {

/// The twelve bits of an E5M6 number: sign, 5 of exponent (bias 15), 6 of mantissa; and back.
/// encode expects a value that round_e5m6 gives.
[[nodiscard]] std::uint16_t encode_e5m6(double x);
[[nodiscard]] double decode_e5m6(std::uint16_t code);

/// Numbers of twelve bits one after the other, the first in the lowest bits, as the 32-bit words of
/// the stream; and back. Their count must be a multiple of 8.
[[nodiscard]] std::vector<std::uint32_t> pack_12bit(const std::vector<std::uint16_t>& codes);
[[nodiscard]] std::vector<std::uint16_t> unpack_12bit(const std::vector<std::uint32_t>& words);

}  // namespace fleetwright::gpu::reference
