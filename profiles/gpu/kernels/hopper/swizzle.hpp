#pragma once

#include <cstdint>

#include "profiles/gpu/kernels/on_both.hpp"

namespace fleetwright::gpu::hopper {

/// Where a byte of a tile lies in shared memory once the tensor memory accelerator has swizzled it
/// over `Span` bytes (16: not at all, 32, 64 or 128), and where wgmma looks for it: the number of
/// its 16-byte chunk is XORed with the number of its 128-byte line, modulo the chunks of the span
/// (PTX ISA 9.0, "tensor swizzling modes"). Tiles begin at multiples of 8 * Span bytes.
template <int Span>
FLEETWRIGHT_ON_BOTH constexpr std::uint32_t swizzled(std::uint32_t offset) {
  static_assert(Span == 16 || Span == 32 || Span == 64 || Span == 128);
  constexpr std::uint32_t chunks = Span / 16 - 1;
  return offset ^ (offset >> 7 & chunks) << 4;
}

/// The widest span that divides rows of this many bytes.
FLEETWRIGHT_ON_BOTH constexpr int swizzle_span(int row_bytes) {
  for (int span = 128; span > 16; span /= 2) {
    if (row_bytes % span == 0) return span;
  }
  return 16;
}

}  // namespace fleetwright::gpu::hopper
