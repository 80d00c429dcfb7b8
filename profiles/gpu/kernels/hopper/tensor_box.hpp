#pragma once

#include <array>
#include <cstdint>

namespace fleetwright::gpu::hopper {

enum class TensorType : std::uint8_t { byte, bfloat16, float32 };

[[nodiscard]] constexpr int bytes_of(TensorType type) {
  return type == TensorType::byte ? 1 : type == TensorType::bfloat16 ? 2 : 4;
}

/// A tensor in device memory and the box that is moved at once, innermost dimension first. What of
/// a box lies outside reads as 0 and is not written.
struct TensorBox {
  const void* data = nullptr;
  TensorType type = TensorType::byte;
  int rank = 2;                                // up to 3
  std::array<std::uint64_t, 3> size{1, 1, 1};  // elements
  std::array<std::uint64_t, 2> stride{};       // bytes from one to the next of dimensions 1, 2
  std::array<std::uint32_t, 3> box{1, 1, 1};   // elements
  int swizzle = 16;                            // span in bytes, as in swizzle.hpp; 16: none

  [[nodiscard]] constexpr std::uint32_t box_bytes() const {
    return box[0] * box[1] * box[2] * static_cast<std::uint32_t>(bytes_of(type));
  }
};

/// [rows, columns], row-major; `pitch` elements from a row to the next.
[[nodiscard]] TensorBox rows_box(const void* data, TensorType type, std::uint64_t rows,
                                 std::uint64_t columns, std::uint64_t pitch, std::uint32_t box_rows,
                                 std::uint32_t box_columns, int swizzle);

/// Throws Error with the rule that the box breaks (CUDA driver API 13.0, cuTensorMapEncodeTiled).
void check_tensor_box(const TensorBox& box);

}  // namespace fleetwright::gpu::hopper
