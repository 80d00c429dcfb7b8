#include "models/core/error.hpp"
#include "profiles/gpu/kernels/device.cuh"
#include "profiles/gpu/kernels/router.hpp"

namespace fleetwright::gpu {
namespace {

// A warp takes a token, and its lane l the experts [l PerLane, (l + 1) PerLane): groups of experts
// are then groups of lanes, and the first lane of a vote has the lowest index.
constexpr int tokens_of_block = 4;
constexpr int threads = tokens_of_block * warp_size;
constexpr int most_active = warp_size;
constexpr int most_experts = 512;

/// Scores smaller than this would divide by zero; as in DeepSeek-V3's published model code.
constexpr float smallest_sum = 1e-20F;

template <int PerLane>
__device__ inline void load_lane(const float* row, int first, int experts, float outside,
                                 float (&to)[PerLane]) {
  if constexpr (PerLane % 4 == 0) {
    for (int i = 0; i < PerLane; i += 4) {
      Pack<float> pack = {outside, outside, outside, outside};
      if (first + i < experts) pack = load_pack(row + first + i);
      for (int j = 0; j < 4; ++j) to[i + j] = pack.at[j];
    }
  } else {
    for (int i = 0; i < PerLane; ++i) to[i] = first + i < experts ? row[first + i] : outside;
  }
}

template <int PerLane>
__device__ inline void store_lane(float* row, int first, int experts,
                                  const float (&from)[PerLane]) {
  if constexpr (PerLane % 4 == 0) {
    for (int i = 0; i < PerLane; i += 4) {
      if (first + i < experts) {
        store_pack(row + first + i, Pack<float>{from[i], from[i + 1], from[i + 2], from[i + 3]});
      }
    }
  } else {
    for (int i = 0; i < PerLane; ++i) {
      if (first + i < experts) row[first + i] = from[i];
    }
  }
}

/// Logits become scores. Experts outside have the logit -infinity.
template <GateScore Score, int PerLane>
__device__ inline void score(float (&x)[PerLane]) {
  if constexpr (Score == GateScore::sigmoid) {
    for (float& value : x) value = __fdividef(1.0F, 1.0F + __expf(-value));
  } else {
    float largest = x[0];
    for (int i = 1; i < PerLane; ++i) largest = fmaxf(largest, x[i]);
    largest = warp_max(largest);
    float sum = 0;
    for (float& value : x) {
      value = __expf(value - largest);
      sum += value;
    }
    const float inverse = 1.0F / warp_sum(sum);
    for (float& value : x) value *= inverse;
  }
}

// Unsigned numbers in the order of the floats; 0 is below all of them.
__device__ inline unsigned order_key(float x) {
  const unsigned bits = __float_as_uint(x);
  return (bits & 0x80000000U) != 0 ? ~bits : bits | 0x80000000U;
}

// Whether the group of this lane is among the best `kept`.
template <int PerLane>
__device__ inline bool group_is_kept(const float (&biased)[PerLane], int groups, int kept) {
  const int lanes_of_group = warp_size / groups;
  float best = biased[0], second = -INFINITY;
  for (int i = 1; i < PerLane; ++i) {
    second = fmaxf(second, fminf(best, biased[i]));
    best = fmaxf(best, biased[i]);
  }
  for (int lanes = 1; lanes < lanes_of_group; lanes *= 2) {
    const float other_best = __shfl_xor_sync(all_lanes, best, lanes);
    const float other_second = __shfl_xor_sync(all_lanes, second, lanes);
    second = fmaxf(fmaxf(second, other_second), fminf(best, other_best));
    best = fmaxf(best, other_best);
  }
  const float mine = best + second;
  const int group = static_cast<int>(threadIdx.x) % warp_size / lanes_of_group;
  int better = 0;
  for (int g = 0; g < groups; ++g) {
    const float theirs = __shfl_sync(all_lanes, mine, g * lanes_of_group);
    if (theirs > mine || (theirs == mine && g < group)) ++better;
  }
  return better < kept;
}

/// One of the chosen experts, in the lane of its rank.
struct Chosen {
  int id = 0;
  float score = 0;
};

template <int PerLane>
__device__ inline Chosen choose(unsigned (&keys)[PerLane], const float (&scores)[PerLane],
                                int first, int active) {
  const int lane = static_cast<int>(threadIdx.x) % warp_size;
  Chosen result;
  for (int rank = 0; rank < active; ++rank) {
    unsigned best = keys[0];
    for (int i = 1; i < PerLane; ++i) best = max(best, keys[i]);
    const unsigned best_of_warp = __reduce_max_sync(all_lanes, best);
    const int winner = __ffs(static_cast<int>(__ballot_sync(all_lanes, best == best_of_warp))) - 1;
    Chosen taken;
    if (lane == winner) {
      bool found = false;
      for (int i = 0; i < PerLane; ++i) {
        if (found || keys[i] != best_of_warp) continue;
        found = true;
        taken = {first + i, scores[i]};
        keys[i] = 0;
      }
    }
    taken.id = __shfl_sync(all_lanes, taken.id, winner);
    taken.score = __shfl_sync(all_lanes, taken.score, winner);
    if (lane == rank) result = taken;
  }
  return result;
}

template <GateScore Score, int PerLane>
__global__ void __launch_bounds__(threads)
    router_forward_kernel(const float* logits, const float* bias, int tokens, Gate gate,
                          RoutedTokens to) {
  const int lane = static_cast<int>(threadIdx.x) % warp_size;
  const int token =
      static_cast<int>(blockIdx.x) * tokens_of_block + static_cast<int>(threadIdx.x) / warp_size;
  if (token >= tokens) return;  // whole warps; there is no barrier
  const int first = lane * PerLane;
  const std::size_t row = static_cast<std::size_t>(token) * static_cast<unsigned>(gate.experts);

  float scores[PerLane], biased[PerLane];
  load_lane(logits + row, first, gate.experts, -INFINITY, scores);
  if (bias != nullptr) {
    load_lane(bias, first, gate.experts, 0.0F, biased);
  } else {
    for (float& b : biased) b = 0;
  }
  score<Score>(scores);
  store_lane(to.scores + row, first, gate.experts, scores);
  // Rounded by itself, so that the choice is that of the scores and biases as they are stored.
  for (int i = 0; i < PerLane; ++i) biased[i] = __fadd_rn(scores[i], biased[i]);

  const bool eligible = gate.groups == 1 || group_is_kept(biased, gate.groups, gate.kept_groups);
  unsigned keys[PerLane];
  for (int i = 0; i < PerLane; ++i) {
    keys[i] = eligible && first + i < gate.experts ? order_key(biased[i]) : 0;
  }
  const Chosen chosen = choose(keys, scores, first, gate.active);
  const float sum = warp_sum(chosen.score);
  if (lane < gate.active) {
    const std::size_t at = static_cast<std::size_t>(token) * static_cast<unsigned>(gate.active) +
                           static_cast<unsigned>(lane);
    to.ids[at] = chosen.id;
    to.weights[at] = gate.scale * chosen.score / (sum + smallest_sum);
    atomicAdd(to.counts + chosen.id, 1);
  }
}

template <GateScore Score>
__global__ void __launch_bounds__(threads)
    router_backward_kernel(const float* scores, const std::int32_t* ids,
                           const float* weight_gradients, int tokens, Gate gate,
                           float* logit_gradients) {
  const int lane = static_cast<int>(threadIdx.x) % warp_size;
  const int token =
      static_cast<int>(blockIdx.x) * tokens_of_block + static_cast<int>(threadIdx.x) / warp_size;
  if (token >= tokens) return;
  const std::size_t row = static_cast<std::size_t>(token) * static_cast<unsigned>(gate.experts);
  const bool chosen = lane < gate.active;

  int id = 0;
  float s = 0, gradient = 0;
  if (chosen) {
    const std::size_t at = static_cast<std::size_t>(token) * static_cast<unsigned>(gate.active) +
                           static_cast<unsigned>(lane);
    id = ids[at];
    gradient = weight_gradients[at];
    s = scores[row + static_cast<unsigned>(id)];
  }
  for (int e = lane * 4; e < gate.experts; e += warp_size * 4) {
    store_pack(logit_gradients + row + e, Pack<float>{0, 0, 0, 0});
  }
  const float inverse = 1.0F / (warp_sum(s) + smallest_sum);
  const float mean = warp_sum(gradient * s) * inverse;
  const float slope = Score == GateScore::sigmoid ? s * (1.0F - s) : s;
  __syncwarp();  // the zeros are there before the gradients of the chosen
  if (chosen) {
    logit_gradients[row + static_cast<unsigned>(id)] =
        gate.scale * inverse * (gradient - mean) * slope;
  }
}

using ForwardKernel = void (*)(const float*, const float*, int, Gate, RoutedTokens);

struct Instance {
  int per_lane;
  ForwardKernel kernel;
};

/// The narrowest that holds the experts; with groups it must hold them exactly.
template <GateScore Score>
Instance forward_instance(int experts) {
  constexpr Instance instances[] = {
      {1, router_forward_kernel<Score, 1>},   {2, router_forward_kernel<Score, 2>},
      {4, router_forward_kernel<Score, 4>},   {5, router_forward_kernel<Score, 5>},
      {8, router_forward_kernel<Score, 8>},   {12, router_forward_kernel<Score, 12>},
      {16, router_forward_kernel<Score, 16>},
  };
  for (const Instance& i : instances) {
    if (experts <= warp_size * i.per_lane) return i;
  }
  throw Error("the router takes at most 512 experts");
}

void require(bool condition, const char* otherwise) {
  if (!condition) throw Error(otherwise);
}

void require_shape(int tokens, const Gate& g) {
  require(tokens > 0, "the router needs tokens");
  require(g.experts > 0 && g.experts <= most_experts && g.experts % 4 == 0,
          "the router takes a multiple of 4 experts, at most 512");
  require(g.active > 0 && g.active <= most_active && g.active <= g.experts,
          "the router chooses at most 32 experts, and no more than there are");
}

void require_groups(const Gate& g, int per_lane) {
  if (g.groups == 1) return;
  require(g.groups > 1 && g.groups <= warp_size && warp_size % g.groups == 0 &&
              g.experts == warp_size * per_lane && g.experts >= 2 * g.groups,
          "these experts cannot be split into these groups of whole lanes");
  require(g.kept_groups > 0 && g.kept_groups <= g.groups &&
              g.kept_groups * (g.experts / g.groups) >= g.active,
          "the kept groups have fewer experts than are chosen");
}

}  // namespace

void router_forward(const float* logits, const float* bias, int tokens, const Gate& gate,
                    const RoutedTokens& to, Stream stream) {
  require_shape(tokens, gate);
  const Instance instance = gate.score == GateScore::sigmoid
                                ? forward_instance<GateScore::sigmoid>(gate.experts)
                                : forward_instance<GateScore::softmax>(gate.experts);
  require_groups(gate, instance.per_lane);
  device_fill(to.counts, 0, static_cast<std::size_t>(gate.experts) * sizeof(std::int32_t), stream);
  launch(instance.kernel, blocks_for(static_cast<std::size_t>(tokens), tokens_of_block), threads,
         stream, logits, bias, tokens, gate, to);
}

void router_backward(const float* scores, const std::int32_t* ids, const float* weight_gradients,
                     int tokens, const Gate& gate, float* logit_gradients, Stream stream) {
  require_shape(tokens, gate);
  const auto kernel = gate.score == GateScore::sigmoid ? router_backward_kernel<GateScore::sigmoid>
                                                       : router_backward_kernel<GateScore::softmax>;
  launch(kernel, blocks_for(static_cast<std::size_t>(tokens), tokens_of_block), threads, stream,
         scores, ids, weight_gradients, tokens, gate, logit_gradients);
}

}  // namespace fleetwright::gpu
