#pragma once

// E4M3 codes with a scale for each group of elements, as all kernels that quantize make them.

#include <cstring>

#include "profiles/gpu/kernels/device.cuh"

namespace fleetwright::gpu {

/// A group whose largest magnitude is below this gets the scale of this, so that neither a scale
/// nor its reciprocal is ever 0, infinite or subnormal. No gradient is that small.
constexpr float smallest_amax = 0x1p-100F;

__device__ inline float scale_of(float amax) { return fmaxf(amax, smallest_amax) / fp8_max; }
__device__ inline float reciprocal_scale_of(float amax) {
  return fp8_max / fmaxf(amax, smallest_amax);
}

/// Eight numbers as they come from memory, and as they are computed with.
using Pairs = Pack<__nv_bfloat162>;
struct Floats {
  float at[8];
};

/// Eight codes, stored in one instruction.
struct alignas(8) CodeWords {
  std::uint32_t at[2];
};

__device__ inline Pairs load_pairs(const bf16* from) {
  return load_pack(reinterpret_cast<const __nv_bfloat162*>(from));
}
__device__ inline void store_pairs(bf16* to, const Pairs& pairs) {
  store_pack(reinterpret_cast<__nv_bfloat162*>(to), pairs);
}

__device__ inline Floats to_floats(const Pairs& pairs) {
  Floats floats;
  for (int i = 0; i < 4; ++i) {
    floats.at[2 * i] = __low2float(pairs.at[i]);
    floats.at[2 * i + 1] = __high2float(pairs.at[i]);
  }
  return floats;
}
__device__ inline Pairs to_pairs(const Floats& floats) {
  Pairs pairs;
  for (int i = 0; i < 4; ++i) {
    pairs.at[i] = __floats2bfloat162_rn(floats.at[2 * i], floats.at[2 * i + 1]);
  }
  return pairs;
}

// Two at a time and without a conversion to FP32, which would stay in registers until the codes are
// made.
__device__ inline float largest_magnitude(const Pairs& pairs) {
  __nv_bfloat162 largest = __habs2(pairs.at[0]);
  for (int i = 1; i < 4; ++i) largest = __hmax2(largest, __habs2(pairs.at[i]));
  return fmaxf(__low2float(largest), __high2float(largest));
}
__device__ inline float largest_magnitude(const Floats& floats) {
  float largest = 0;
  for (const float x : floats.at) largest = fmaxf(largest, fabsf(x));
  return largest;
}

/// What the lane whose number differs in these bits holds.
__device__ inline __nv_bfloat162 pair_of_lane(const __nv_bfloat162& mine, int lanes) {
  std::uint32_t bits;
  memcpy(&bits, &mine, sizeof(bits));
  bits = __shfl_xor_sync(all_lanes, bits, lanes);
  return __nv_bfloat162_raw{static_cast<unsigned short>(bits & 0xffff),
                            static_cast<unsigned short>(bits >> 16)};
}

/// Over the sixteen lanes that hold one group of 128 elements.
__device__ inline float half_warp_max(float x) {
  for (int lanes = warp_size / 4; lanes > 0; lanes /= 2) {
    x = fmaxf(x, __shfl_xor_sync(all_lanes, x, lanes));
  }
  return x;
}

// For GPUs without the instruction (before sm_89), where the header's own way takes a hundred
// others: E4M3 is FP32 with a bias of 7 for 127 and 20 bits fewer, rounded to even; subnormals are
// whole multiples of 2^-9, to which an addition of 2^14 rounds.
__device__ inline std::uint32_t fp8_in_software(float x) {
  const float magnitude = fminf(fabsf(x), fp8_max);
  const std::uint32_t bits = __float_as_uint(magnitude);
  const std::uint32_t normal = ((bits + 0x7ffff + (bits >> 20 & 1)) >> 20) - ((127 - 7) << 3);
  const std::uint32_t subnormal = __float_as_uint(magnitude + 0x1p14F) - __float_as_uint(0x1p14F);
  const std::uint32_t code = magnitude < 0x1p-6F ? subnormal : normal;
  return (x == x ? code : 0x7f) | (__float_as_uint(x) >> 24 & 0x80);
}

__device__ inline std::uint32_t fp8_pair(float low, float high) {
#if defined(__CUDA_ARCH__) && __CUDA_ARCH__ < 890
  return fp8_in_software(low) | fp8_in_software(high) << 8;
#else
  return __nv_cvt_float2_to_fp8x2(float2{low, high}, __NV_SATFINITE, __NV_E4M3);
#endif
}
/// Four codes, the first in the lowest byte.
__device__ inline std::uint32_t fp8_word(float a, float b, float c, float d) {
  return fp8_pair(a, b) | fp8_pair(c, d) << 16;
}

__device__ inline CodeWords to_codes(const Floats& x, float reciprocal_scale) {
  CodeWords codes;
  for (int w = 0; w < 2; ++w) {
    const float* at = x.at + 4 * w;
    codes.at[w] = fp8_word(at[0] * reciprocal_scale, at[1] * reciprocal_scale,
                           at[2] * reciprocal_scale, at[3] * reciprocal_scale);
  }
  return codes;
}

__device__ inline void store_codes(fp8* to, const CodeWords& codes) {
  *reinterpret_cast<uint2*>(to) = uint2{codes.at[0], codes.at[1]};
}

}  // namespace fleetwright::gpu
