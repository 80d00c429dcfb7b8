#include "profiles/gpu/kernels/hopper/attention.hpp"

#include "profiles/gpu/kernels/hopper/attention_boxes.hpp"
#include "profiles/gpu/kernels/hopper/attention_tile.hpp"

namespace fleetwright::gpu::hopper {

AttentionForward::AttentionForward(const AttentionProblem& p, const AttentionOperands& operands)
    : problem_(p), operands_(operands), maps_{} {
  require_hopper();
  check_attention(p);
  using Tile = AttentionTile;
  const auto map = [&p](const void* data, int heads, int width, int rows) {
    return encode_tensor_map(panel_box(data, TensorType::bfloat16, p, heads, width, rows));
  };
  maps_.q = map(operands.q, p.heads, Tile::d_qk, Tile::queries);
  maps_.k = map(operands.k, p.kv_heads, Tile::d_qk, Tile::keys);
  maps_.v = map(operands.v, p.kv_heads, Tile::d_v, Tile::keys);
  maps_.o = map(operands.o, p.heads, Tile::d_v, 64);
}

void AttentionForward::run(Stream stream) const {
  launch_attention_forward(maps_, problem_, operands_, stream);
}

}  // namespace fleetwright::gpu::hopper
