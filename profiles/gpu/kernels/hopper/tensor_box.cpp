#include "profiles/gpu/kernels/hopper/tensor_box.hpp"

#include <fmt/core.h>

#include "models/core/error.hpp"

namespace fleetwright::gpu::hopper {

TensorBox rows_box(const void* data, TensorType type, std::uint64_t rows, std::uint64_t columns,
                   std::uint64_t pitch, std::uint32_t box_rows, std::uint32_t box_columns,
                   int swizzle) {
  TensorBox b;
  b.data = data;
  b.type = type;
  b.size = {columns, rows, 1};
  b.stride = {pitch * static_cast<std::uint64_t>(bytes_of(type)), 0};
  b.box = {box_columns, box_rows, 1};
  b.swizzle = swizzle;
  return b;
}

void check_tensor_box(const TensorBox& b) {
  const auto require = [](bool holds, const char* rule, auto value) {
    if (!holds) throw Error(fmt::format("tensor map: {}, not {}", rule, value));
  };
  constexpr std::uint64_t most_elements = std::uint64_t{1} << 32,
                          most_stride = std::uint64_t{1} << 40;
  require(b.rank == 2 || b.rank == 3, "rank must be 2 or 3", b.rank);
  require(reinterpret_cast<std::uintptr_t>(b.data) % 16 == 0, "data must lie at a multiple of 16",
          reinterpret_cast<std::uintptr_t>(b.data));
  for (int d = 0; d < b.rank; ++d) {
    const auto i = static_cast<std::size_t>(d);
    require(b.size[i] >= 1 && b.size[i] <= most_elements, "a dimension has 1 to 2^32 elements",
            b.size[i]);
    require(b.box[i] >= 1 && b.box[i] <= 256, "a box has 1 to 256 elements each way", b.box[i]);
    if (d == 0) continue;
    require(b.stride[i - 1] % 16 == 0 && b.stride[i - 1] < most_stride,
            "strides are multiples of 16 bytes below 2^40", b.stride[i - 1]);
  }
  const auto element = static_cast<std::uint32_t>(bytes_of(b.type));
  require(b.stride[0] >= b.size[0] * element, "rows do not overlap: a stride of at least a row",
          b.stride[0]);
  require(b.box[0] * element % 16 == 0, "rows of a box are multiples of 16 bytes",
          b.box[0] * element);
  require(b.swizzle == 16 || b.swizzle == 32 || b.swizzle == 64 || b.swizzle == 128,
          "a swizzle spans 16 (none), 32, 64 or 128 bytes", b.swizzle);
  require(b.swizzle == 16 || b.box[0] * element <= static_cast<std::uint32_t>(b.swizzle),
          "rows of a box are no longer than the swizzle's span", b.box[0] * element);
}

}  // namespace fleetwright::gpu::hopper
