#include "profiles/gpu/kernels/hopper/decode.hpp"

#include "models/core/error.hpp"

namespace fleetwright::gpu::hopper {
namespace {

using Tile = DecodeTile;

std::size_t size(int x) { return static_cast<std::size_t>(x); }

// [planes, rows, width]: panels of 64 columns of 64 rows of a plane.
TensorBox panel_box(const void* data, int planes, int rows, int width) {
  const auto w = static_cast<std::uint64_t>(width), r = static_cast<std::uint64_t>(rows);
  TensorBox b;
  b.data = data;
  b.type = TensorType::bfloat16;
  b.rank = 3;
  b.size = {w, r, static_cast<std::uint64_t>(planes)};
  b.stride = {2 * w, 2 * w * r};
  b.box = {Tile::panel_columns, 64, 1};
  b.swizzle = 128;
  return b;
}

void check(const DecodeProblem& p) {
  // The second dimension of a grid is as long.
  constexpr int most_sequences = 65535;
  if (p.batch < 1 || p.tokens < 1 || p.heads < 1 || p.pages < 1 || p.max_pages < 1 || p.sms < 1) {
    throw Error("decoding: sizes are positive");
  }
  if (p.batch > most_sequences) throw Error("decoding: at most 65,535 sequences");
  if (!(p.scale > 0)) throw Error("decoding: the scale of the scores is positive");
}

}  // namespace

AttentionDecode::AttentionDecode(const DecodeProblem& p, const DecodeOperands& operands)
    : arguments_{}, maps_{} {
  require_hopper();
  check(p);
  DecodeArguments& a = arguments_;
  a.operands = operands;
  a.tokens = p.tokens;
  a.heads = p.heads;
  a.rows = p.tokens * p.heads;
  a.row_blocks = (a.rows + Tile::rows - 1) / Tile::rows;
  a.max_pages = p.max_pages;
  a.scale = p.scale;
  const int parts = decode_parts(p.sms, a.row_blocks);
  tables_ = DeviceArray<std::int32_t>(size(p.batch) + 1 + size(parts));
  a.first_block = tables_.data();
  a.first_sequence = tables_.data() + p.batch + 1;
  a.schedule = {p.batch, parts, a.first_block, a.first_sequence};
  const std::size_t rows = size(DecodeSchedule::slots(parts)) * size(a.row_blocks) * Tile::rows;
  partial_o_ = DeviceArray<float>(rows * Tile::d_v);
  partial_log_sum_ = DeviceArray<float>(rows);
  a.partial_o = partial_o_.data();
  a.partial_log_sum = partial_log_sum_.data();
  maps_.q = encode_tensor_map(panel_box(operands.q, p.batch, a.rows, Tile::d_qk));
  maps_.cache = encode_tensor_map(panel_box(operands.cache, p.pages, Tile::keys, Tile::d_qk));
  maps_.o = encode_tensor_map(panel_box(operands.o, p.batch, a.rows, Tile::d_v));
}

void AttentionDecode::plan(Stream stream) const { launch_decode_plan(arguments_, stream); }

void AttentionDecode::run(Stream stream) const {
  launch_decode(maps_, arguments_, stream);
  launch_decode_combine(arguments_, stream);
}

}  // namespace fleetwright::gpu::hopper
