#include "profiles/gpu/kernels/hopper/attention_boxes.hpp"

#include "models/core/error.hpp"

namespace fleetwright::gpu::hopper {

void check_attention(const AttentionProblem& p) {
  if (p.batch < 1 || p.tokens < 1 || p.heads < 1 || p.kv_heads < 1 || p.heads % p.kv_heads != 0) {
    throw Error("attention: sizes are positive, and key heads divide heads");
  }
}

TensorBox panel_box(const void* data, TensorType type, const AttentionProblem& p, int heads,
                    int width, int rows) {
  const auto w = static_cast<std::uint64_t>(width), h = static_cast<std::uint64_t>(heads);
  const auto bytes = static_cast<std::uint64_t>(bytes_of(type));
  TensorBox b;
  b.data = data;
  b.type = type;
  b.rank = 3;
  b.size = {w, h, static_cast<std::uint64_t>(p.batch) * static_cast<std::uint64_t>(p.tokens)};
  b.stride = {bytes * w, bytes * w * h};
  b.box = {static_cast<std::uint32_t>(128 / bytes_of(type)), 1, static_cast<std::uint32_t>(rows)};
  b.swizzle = 128;
  return b;
}

}  // namespace fleetwright::gpu::hopper
