#pragma once

// Eight BF16 numbers at a time, held as the sixteen bytes that they are in memory: four registers,
// where an array of 16-bit numbers that lives through a loop takes eight.

#include <cstring>

#include "profiles/gpu/kernels/device.cuh"

namespace fleetwright::gpu {

/// Eight BF16 numbers as bits, the first in the low half of x.
using Bits = uint4;

/// The same numbers in FP32.
struct Eight {
  float at[8];
};

__device__ inline Eight widen(const Bits& bits) {
  const unsigned pairs[4] = {bits.x, bits.y, bits.z, bits.w};
  Eight wide;
  for (int i = 0; i < 4; ++i) {  // a BF16 number is the upper half of an FP32 number
    wide.at[2 * i] = __uint_as_float(pairs[i] << 16);
    wide.at[2 * i + 1] = __uint_as_float(pairs[i] & 0xffff0000U);
  }
  return wide;
}

__device__ inline unsigned narrow_pair(float low, float high) {
  const __nv_bfloat162 pair = __floats2bfloat162_rn(low, high);
  unsigned bits;
  memcpy(&bits, &pair, sizeof(bits));
  return bits;
}
__device__ inline Bits narrow(const Eight& wide) {
  return {narrow_pair(wide.at[0], wide.at[1]), narrow_pair(wide.at[2], wide.at[3]),
          narrow_pair(wide.at[4], wide.at[5]), narrow_pair(wide.at[6], wide.at[7])};
}

// Sixteen bytes at an address that is a multiple of 16. `once`: data that a kernel touches once
// leaves the caches first, so that what its blocks share (gains, tables) stays. `constant`: what
// no thread of the kernel writes. The emulator has no caches.
#ifdef __CUDACC__
template <typename T>
__device__ inline Bits load_once(const T* from) {
  return __ldcs(reinterpret_cast<const uint4*>(from));
}
template <typename T>
__device__ inline Bits load_constant(const T* from) {
  return __ldg(reinterpret_cast<const uint4*>(from));
}
template <typename T>
__device__ inline void store_once(T* to, const Bits& bits) {
  __stcs(reinterpret_cast<uint4*>(to), bits);
}
// Plainly, but in one piece: an assignment of the sixteen bytes may come out as four stores.
template <typename T>
__device__ inline void store(T* to, const Bits& bits) {
  __stwb(reinterpret_cast<uint4*>(to), bits);
}
__device__ inline void store(float* to, const Pack<float>& pack) {
  __stwb(reinterpret_cast<float4*>(to), float4{pack.at[0], pack.at[1], pack.at[2], pack.at[3]});
}
#else
template <typename T>
inline Bits load_once(const T* from) {
  Bits bits;
  std::memcpy(&bits, from, sizeof(bits));
  return bits;
}
template <typename T>
inline Bits load_constant(const T* from) {
  return load_once(from);
}
template <typename T>
inline void store(T* to, const Bits& bits) {
  std::memcpy(static_cast<void*>(to), &bits, sizeof(bits));
}
inline void store(float* to, const Pack<float>& pack) { store_pack(to, pack); }
template <typename T>
inline void store_once(T* to, const Bits& bits) {
  store(to, bits);
}
#endif

}  // namespace fleetwright::gpu
