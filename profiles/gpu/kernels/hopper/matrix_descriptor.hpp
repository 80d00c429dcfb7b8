#pragma once

#include <cstdint>

#include "profiles/gpu/kernels/on_both.hpp"

namespace fleetwright::gpu::hopper {

/// Whether a matrix lies along k (rows of k) or across it (rows of m or n).
enum class Major : int { along_k = 0, across_k = 1 };

/// How wgmma finds a matrix in shared memory (PTX ISA 9.0, "asynchronous warpgroup level matrix
/// shared memory layout"), here always swizzled over 128 bytes: addresses and strides in units of
/// 16 bytes, in 14 bits each.
///
/// Along k (rows of 128 bytes of k): `stride` is from 8 rows to the next 8, `leading` means
/// nothing. Across k (lines of 128 bytes of m or n, one a k): `stride` is from 8 k to the next 8,
/// `leading` from 64 16-bit elements of m or n to the next 64.
struct MatrixDescriptor {
  std::uint32_t address = 0;  // bytes
  std::uint32_t leading = 0;  // bytes
  std::uint32_t stride = 0;   // bytes

  static constexpr std::uint64_t swizzle_128 = std::uint64_t{1} << 62;

  [[nodiscard]] FLEETWRIGHT_ON_BOTH constexpr std::uint64_t bits() const {
    constexpr std::uint64_t field = 0x3fff;
    return (address >> 4 & field) | (leading >> 4 & field) << 16 | (stride >> 4 & field) << 32 |
           swizzle_128;
  }
  /// The inverse; 0 strides where the bits are not of a matrix swizzled over 128 bytes.
  [[nodiscard]] FLEETWRIGHT_ON_BOTH static constexpr MatrixDescriptor of(std::uint64_t bits) {
    constexpr std::uint64_t field = 0x3fff;
    if (bits >> 62 != 1 || (bits >> 49 & 7) != 0) return {};
    return {static_cast<std::uint32_t>((bits & field) << 4),
            static_cast<std::uint32_t>((bits >> 16 & field) << 4),
            static_cast<std::uint32_t>((bits >> 32 & field) << 4)};
  }
};

/// Bytes from 8 rows of 128 bytes to the next 8.
constexpr std::uint32_t eight_lines = 8 * 128;

/// Rows of 128 bytes along k, one below the other. `k_bytes` (a multiple of 16, below 128) into
/// them.
FLEETWRIGHT_ON_BOTH constexpr std::uint64_t along_k(std::uint32_t tile, std::uint32_t k_bytes) {
  return MatrixDescriptor{tile + k_bytes, 16, eight_lines}.bits();
}

/// Lines of 64 16-bit elements of m or n, one below the other a k; the panel of the next 64 follows
/// after `panel` bytes. `tile` is where the first of the k begins (they are multiples of 8 apart).
FLEETWRIGHT_ON_BOTH constexpr std::uint64_t across_k(std::uint32_t tile, std::uint32_t panel) {
  return MatrixDescriptor{tile, panel, eight_lines}.bits();
}

}  // namespace fleetwright::gpu::hopper
