#include "models/core/error.hpp"
#include "profiles/gpu/kernels/packs.cuh"
#include "profiles/gpu/kernels/row_teams.cuh"
#include "profiles/gpu/kernels/score_softmax.hpp"

namespace fleetwright::gpu {
namespace {

constexpr int most_keys = 16384;
constexpr int packs_of_thread = 4;  // packs of a row that a thread keeps in registers
constexpr int most_threads = most_keys / (8 * packs_of_thread);  // leaves 128 registers a thread
constexpr float log2_e = 1.44269504F;

__device__ inline int visible_keys(const ScoreShape& shape, std::size_t row) {
  if (!shape.causal) return shape.keys;
  // In 32 bits: a division of 64 takes as long as the rest.
  const unsigned query = static_cast<unsigned>(row) % static_cast<unsigned>(shape.queries);
  return shape.keys - static_cast<int>(shape.queries) + static_cast<int>(query) + 1;
}

__global__ void __launch_bounds__(most_threads)
    score_softmax_kernel(const bf16* scores, bf16* probabilities, ScoreShape shape, int team_size) {
  const RowPlace place = row_place(team_size);
  const std::size_t row = static_cast<std::size_t>(blockIdx.x) * place.teams + place.team;
  const std::size_t begin = row * static_cast<std::size_t>(shape.keys);
  const int visible = row < shape.rows ? visible_keys(shape, row) : 0;
  const auto key = [&](int k) { return (place.member + k * team_size) * 8; };
  // exp(s - m) = 2^(s log2(e) - m log2(e)): one multiplication for scale and base.
  const float scale = shape.scale * log2_e;

  Bits packs[packs_of_thread];
  for (int k = 0; k < packs_of_thread; ++k) {
    packs[k] = key(k) < visible ? load_once(scores + begin + key(k)) : Bits{};
  }
  Eight wide[packs_of_thread];
  float largest = -INFINITY;
  for (int k = 0; k < packs_of_thread; ++k) {
    wide[k] = widen(packs[k]);
    for (int i = 0; i < 8; ++i) {
      wide[k].at[i] = key(k) + i < visible ? wide[k].at[i] * scale : -INFINITY;
      largest = fmaxf(largest, wide[k].at[i]);
    }
  }
  largest = team_max(largest, team_size);
  float sum = 0;
  for (int k = 0; k < packs_of_thread; ++k) {
    for (int i = 0; i < 8; ++i) {
      wide[k].at[i] = key(k) + i < visible ? exp2f(wide[k].at[i] - largest) : 0.0F;
      sum += wide[k].at[i];
    }
  }
  const float share = 1.0F / team_sum(sum, team_size);
  for (int k = 0; k < packs_of_thread; ++k) {
    if (row >= shape.rows || key(k) >= shape.keys) continue;
    for (int i = 0; i < 8; ++i) wide[k].at[i] *= share;
    store(probabilities + begin + key(k), narrow(wide[k]));
  }
}

__global__ void __launch_bounds__(most_threads)
    score_softmax_backward_kernel(const bf16* probabilities, const bf16* probabilities_gradient,
                                  bf16* scores_gradient, ScoreShape shape, int team_size) {
  const RowPlace place = row_place(team_size);
  const std::size_t row = static_cast<std::size_t>(blockIdx.x) * place.teams + place.team;
  const std::size_t begin = row * static_cast<std::size_t>(shape.keys);
  const int visible = row < shape.rows ? visible_keys(shape, row) : 0;
  const auto key = [&](int k) { return (place.member + k * team_size) * 8; };

  Bits p[packs_of_thread], g[packs_of_thread];
  for (int k = 0; k < packs_of_thread; ++k) {
    const bool seen = key(k) < visible;
    p[k] = seen ? load_once(probabilities + begin + key(k)) : Bits{};
    g[k] = seen ? load_once(probabilities_gradient + begin + key(k)) : Bits{};
  }
  float product = 0;
  for (int k = 0; k < packs_of_thread; ++k) {
    const Eight wide_p = widen(p[k]), wide_g = widen(g[k]);
    for (int i = 0; i < 8; ++i) {
      if (key(k) + i < visible) product += wide_p.at[i] * wide_g.at[i];
    }
  }
  product = team_sum(product, team_size);
  for (int k = 0; k < packs_of_thread; ++k) {
    if (row >= shape.rows || key(k) >= shape.keys) continue;
    const Eight wide_p = widen(p[k]), wide_g = widen(g[k]);
    Eight gradient;
    for (int i = 0; i < 8; ++i) {
      gradient.at[i] =
          key(k) + i < visible ? shape.scale * wide_p.at[i] * (wide_g.at[i] - product) : 0.0F;
    }
    store(scores_gradient + begin + key(k), narrow(gradient));
  }
}

RowTeams share_out(const ScoreShape& shape) {
  if (shape.keys <= 0 || shape.keys % 8 != 0 || shape.keys > most_keys) {
    throw Error("score_softmax: keys must be a multiple of 8, at most 16,384");
  }
  if (shape.rows > 0xffffffffU) throw Error("score_softmax: at most 2^32 - 1 rows");
  if (shape.causal &&
      (shape.queries == 0 || shape.queries > static_cast<std::size_t>(shape.keys))) {
    throw Error("score_softmax: a causal mask needs 1 to `keys` queries");
  }
  constexpr int usual_threads = 256;
  return share_out_rows(shape.keys / 8, packs_of_thread, usual_threads);
}

}  // namespace

void score_softmax(const bf16* scores, bf16* probabilities, const ScoreShape& shape,
                   Stream stream) {
  const RowTeams share = share_out(shape);
  if (shape.rows == 0) return;
  launch(score_softmax_kernel, blocks_for(shape.rows, static_cast<std::size_t>(share.teams)),
         share.threads(), stream, scores, probabilities, shape, share.team);
}

void score_softmax_backward(const bf16* probabilities, const bf16* probabilities_gradient,
                            bf16* scores_gradient, const ScoreShape& shape, Stream stream) {
  const RowTeams share = share_out(shape);
  if (shape.rows == 0) return;
  launch(score_softmax_backward_kernel,
         blocks_for(shape.rows, static_cast<std::size_t>(share.teams)), share.threads(), stream,
         probabilities, probabilities_gradient, scores_gradient, shape, share.team);
}

}  // namespace fleetwright::gpu
