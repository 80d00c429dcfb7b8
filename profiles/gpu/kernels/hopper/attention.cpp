#include "profiles/gpu/kernels/hopper/attention.hpp"

#include "models/core/error.hpp"
#include "profiles/gpu/kernels/hopper/attention_tile.hpp"

namespace fleetwright::gpu::hopper {
namespace {

// [batch * tokens, heads, width]: panels of 64 columns of one head, of so many tokens.
TensorBox panel_box(const void* data, const AttentionProblem& p, int heads, int width, int rows) {
  const auto w = static_cast<std::uint64_t>(width), h = static_cast<std::uint64_t>(heads);
  TensorBox b;
  b.data = data;
  b.type = TensorType::bfloat16;
  b.rank = 3;
  b.size = {w, h, static_cast<std::uint64_t>(p.batch) * static_cast<std::uint64_t>(p.tokens)};
  b.stride = {2 * w, 2 * w * h};
  b.box = {AttentionTile::panel_columns, 1, static_cast<std::uint32_t>(rows)};
  b.swizzle = 128;
  return b;
}

}  // namespace

AttentionForward::AttentionForward(const AttentionProblem& p, const AttentionOperands& operands)
    : problem_(p), operands_(operands), maps_{} {
  require_hopper();
  if (p.batch < 1 || p.tokens < 1 || p.heads < 1 || p.kv_heads < 1 || p.heads % p.kv_heads != 0) {
    throw Error("attention: sizes are positive, and key heads divide heads");
  }
  using Tile = AttentionTile;
  maps_.q = encode_tensor_map(panel_box(operands.q, p, p.heads, Tile::d_qk, Tile::queries));
  maps_.k = encode_tensor_map(panel_box(operands.k, p, p.kv_heads, Tile::d_qk, Tile::keys));
  maps_.v = encode_tensor_map(panel_box(operands.v, p, p.kv_heads, Tile::d_v, Tile::keys));
  maps_.o = encode_tensor_map(panel_box(operands.o, p, p.heads, Tile::d_v, 64));
}

void AttentionForward::run(Stream stream) const {
  launch_attention_forward(maps_, problem_, operands_, stream);
}

}  // namespace fleetwright::gpu::hopper
