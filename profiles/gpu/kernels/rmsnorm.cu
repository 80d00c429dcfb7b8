#include "models/core/error.hpp"
#include "profiles/gpu/kernels/packs.cuh"
#include "profiles/gpu/kernels/rmsnorm.hpp"
#include "profiles/gpu/kernels/row_teams.cuh"

namespace fleetwright::gpu {
namespace {

constexpr int most_columns = 18432;

// A team keeps its row in registers between the sum of squares and the product with the gain. One
// row a team and no loop: the blocks that wait for memory, some ten to a multiprocessor, hide those
// that sum.
template <int Packs, bool Residual>
__global__ void __launch_bounds__(576)
    rmsnorm_forward_kernel(RmsnormForward call, int packs, int team_size) {
  const RowPlace place = row_place(team_size);
  const std::size_t row = static_cast<std::size_t>(blockIdx.x) * place.teams + place.team;
  const std::size_t begin = row * static_cast<std::size_t>(packs) * 8;
  const auto mine = [&](int k) { return row < call.rows && place.member + k * team_size < packs; };
  const auto offset = [&](int k) {
    return static_cast<std::size_t>(place.member + k * team_size) * 8;
  };

  Bits held[Packs];
  for (int k = 0; k < Packs; ++k) {
    held[k] = mine(k) ? load_once(call.x + begin + offset(k)) : Bits{};
  }
  if (Residual) {
    Bits other[Packs];
    for (int k = 0; k < Packs; ++k) {
      other[k] = mine(k) ? load_once(call.residual + begin + offset(k)) : Bits{};
    }
    for (int k = 0; k < Packs; ++k) {
      Eight sum = widen(held[k]);
      const Eight added = widen(other[k]);
      for (int i = 0; i < 8; ++i) sum.at[i] += added.at[i];
      held[k] = narrow(sum);
      if (mine(k)) store(call.sum + begin + offset(k), held[k]);
    }
  }

  float squares = 0;
  for (int k = 0; k < Packs; ++k) {
    const Eight x = widen(held[k]);
    for (int i = 0; i < 8; ++i) squares += x.at[i] * x.at[i];
  }
  const float mean = team_sum(squares, team_size) / static_cast<float>(call.columns);
  const float inverse_rms = rsqrtf(mean + call.epsilon);

  if (place.member == 0 && row < call.rows) call.inverse_rms[row] = inverse_rms;
  for (int k = 0; k < Packs; ++k) {
    if (!mine(k)) continue;
    Eight y = widen(held[k]);
    const Eight gain = widen(load_constant(call.gain + offset(k)));
    for (int i = 0; i < 8; ++i) y.at[i] *= inverse_rms * gain.at[i];
    store(call.y + begin + offset(k), narrow(y));
  }
}

template <int Packs>
void start_forward(const RmsnormForward& call, Stream stream) {
  constexpr int most_threads = 256;
  const int packs = call.columns / 8;
  const RowTeams share = share_out_rows(packs, Packs, most_threads);
  const unsigned grid = blocks_for(call.rows, static_cast<std::size_t>(share.teams));
  const auto kernel = call.residual != nullptr ? rmsnorm_forward_kernel<Packs, true>
                                               : rmsnorm_forward_kernel<Packs, false>;
  launch(kernel, grid, share.threads(), stream, call, packs, share.team);
}

}  // namespace

void rmsnorm_forward(const RmsnormForward& call, Stream stream) {
  if (call.columns <= 0 || call.columns % 8 != 0 || call.columns > most_columns) {
    throw Error("rmsnorm_forward: columns must be a multiple of 8, at most 18,432");
  }
  if ((call.residual == nullptr) != (call.sum == nullptr)) {
    throw Error("rmsnorm_forward: residual and sum must be given together");
  }
  if (call.rows == 0) return;
  if (call.columns <= 2048) {
    start_forward<2>(call, stream);
  } else {
    start_forward<4>(call, stream);
  }
}

}  // namespace fleetwright::gpu
