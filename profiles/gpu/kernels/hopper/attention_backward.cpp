#include "profiles/gpu/kernels/hopper/attention_backward.hpp"

#include "profiles/gpu/kernels/hopper/attention_backward_tile.hpp"
#include "profiles/gpu/kernels/hopper/attention_boxes.hpp"

namespace fleetwright::gpu::hopper {

AttentionBackward::AttentionBackward(const AttentionProblem& p, const AttentionGradientOperands& x)
    : problem_(p), operands_(x), maps_{} {
  require_hopper();
  check_attention(p);
  using Tile = AttentionBackwardTile;
  const auto map = [&p](const void* data, int heads, int width, int rows) {
    return encode_tensor_map(panel_box(data, TensorType::bfloat16, p, heads, width, rows));
  };
  maps_.q = map(x.q, p.heads, Tile::d_qk, Tile::queries);
  maps_.d_o = map(x.d_o, p.heads, Tile::d_v, Tile::queries);
  maps_.k = map(x.k, p.kv_heads, Tile::d_qk, Tile::keys);
  maps_.v = map(x.v, p.kv_heads, Tile::d_v, Tile::keys);
  maps_.d_k = map(x.d_k, p.kv_heads, Tile::d_qk, 64);
  maps_.d_v = map(x.d_v, p.kv_heads, Tile::d_v, 64);
  maps_.d_q_sum = encode_tensor_map(
      panel_box(x.d_q_sum, TensorType::float32, p, p.heads, Tile::d_qk, Tile::queries));
}

void AttentionBackward::run(Stream stream) const {
  launch_attention_means(problem_, operands_, stream);
  launch_attention_backward(maps_, problem_, operands_, stream);
  launch_attention_finish(problem_, operands_, stream);
}

}  // namespace fleetwright::gpu::hopper
