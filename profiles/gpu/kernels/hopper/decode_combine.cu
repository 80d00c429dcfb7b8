// Before and after decode.cu: shares out the keys, and adds up what the parts of a sequence gave.

#include "profiles/gpu/kernels/device.cuh"
#include "profiles/gpu/kernels/hopper/decode.hpp"

namespace fleetwright::gpu::hopper {
namespace {

constexpr int d_v = DecodeTile::d_v, rows_of_block = 4;  // a warp a row
constexpr int packs = d_v / (warp_size * Pack<float>::size);

// One thread: it runs once for all layers of a model, and reads no more than the lengths.
__global__ void __launch_bounds__(warp_size) decode_plan_kernel(DecodeArguments x) {
  if (threadIdx.x > 0) return;
  plan_decode(x.operands.lengths, x.schedule.batch, x.schedule.parts, x.first_block,
              x.first_sequence);
}

__global__ void __launch_bounds__(rows_of_block* warp_size)
    decode_combine_kernel(const DecodeArguments x) {
  const DecodeSchedule& s = x.schedule;
  const int lane = static_cast<int>(threadIdx.x) % warp_size;
  const int row =
      static_cast<int>(blockIdx.x) * rows_of_block + static_cast<int>(threadIdx.x) / warp_size;
  const int sequence = static_cast<int>(blockIdx.y);
  if (row >= x.rows) return;
  int first = 0, last = -1, first_slot = 0;  // parts
  if (!s.is_empty(sequence)) {
    first = s.first_part(sequence);
    last = s.last_part(sequence);
    if (first == last) return;  // the result is there
    first_slot = s.slot_of(first, sequence);
  }
  const auto row_of = [&](int part) {
    const int slot = part == first ? first_slot : DecodeSchedule::later_slot(part);
    return static_cast<std::size_t>(slot) * x.row_blocks * DecodeTile::rows + row;
  };
  float largest = -INFINITY, sum = 0;
  for (int part = first + lane; part <= last; part += warp_size) {
    largest = fmaxf(largest, x.partial_log_sum[row_of(part)]);
  }
  largest = warp_max(largest);
  const float less = largest == -INFINITY ? 0 : largest;
  for (int part = first + lane; part <= last; part += warp_size) {
    sum += expf(x.partial_log_sum[row_of(part)] - less);
  }
  sum = warp_sum(sum);
  const float factor = sum > 0 ? 1 / sum : 0;
  float total[packs][Pack<float>::size] = {};
  for (int part = first; part <= last; ++part) {
    const std::size_t from = row_of(part);
    const float weight = expf(x.partial_log_sum[from] - less) * factor;
    FLEETWRIGHT_UNROLL
    for (int p = 0; p < packs; ++p) {
      const Pack<float> numbers =
          load_pack(x.partial_o + from * d_v + (p * warp_size + lane) * Pack<float>::size);
      FLEETWRIGHT_UNROLL
      for (int i = 0; i < Pack<float>::size; ++i) total[p][i] += weight * numbers.at[i];
    }
  }
  const std::size_t to = static_cast<std::size_t>(sequence) * x.rows + row;
  if (lane == 0) x.operands.log_sum[to] = less + logf(sum);
  FLEETWRIGHT_UNROLL
  for (int p = 0; p < packs; ++p) {
    FLEETWRIGHT_UNROLL
    for (int i = 0; i < Pack<float>::size; i += 2) {
      const int column = (p * warp_size + lane) * Pack<float>::size + i;
      *reinterpret_cast<__nv_bfloat162*>(x.operands.o + to * d_v + column) =
          __floats2bfloat162_rn(total[p][i], total[p][i + 1]);
    }
  }
}

}  // namespace

void launch_decode_plan(const DecodeArguments& x, Stream stream) {
  launch(decode_plan_kernel, dim3(1), dim3(warp_size), stream, x);
}

void launch_decode_combine(const DecodeArguments& x, Stream stream) {
  const dim3 grid(blocks_for(static_cast<std::size_t>(x.rows), rows_of_block),
                  static_cast<unsigned>(x.schedule.batch));
  launch(decode_combine_kernel, grid, dim3(rows_of_block * warp_size), stream, x);
}

}  // namespace fleetwright::gpu::hopper
