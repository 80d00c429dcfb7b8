#pragma once

// d += a b, a [64, k], b [k, N], by a warp-group: wgmma.mma_async (PTX ISA 9.0, "asynchronous
// warpgroup level multiply-and-accumulate"). Of d thread t of the group holds rows 16 (t / 32) + t
// / 4 % 8 and 8 further down, columns 8 j + 2 (t % 4) and the next: d[4 j], d[4 j + 1] of the upper
// row, d[4 j + 2], d[4 j + 3] of the lower one. Without `accumulate` d is overwritten.

#include "profiles/gpu/kernels/hopper/instructions.cuh"
#include "profiles/gpu/kernels/hopper/matrix_descriptor.hpp"

#ifdef __CUDACC__

namespace fleetwright::gpu::hopper {

// Register lists: names of the first 2 N / 4 operands of an instruction, eight at a time.
#define FLEETWRIGHT_NAMES_8 "%0, %1, %2, %3, %4, %5, %6, %7"
#define FLEETWRIGHT_NAMES_16 FLEETWRIGHT_NAMES_8 ", %8, %9, %10, %11, %12, %13, %14, %15"
#define FLEETWRIGHT_NAMES_24 FLEETWRIGHT_NAMES_16 ", %16, %17, %18, %19, %20, %21, %22, %23"
#define FLEETWRIGHT_NAMES_32 FLEETWRIGHT_NAMES_24 ", %24, %25, %26, %27, %28, %29, %30, %31"
#define FLEETWRIGHT_NAMES_40 FLEETWRIGHT_NAMES_32 ", %32, %33, %34, %35, %36, %37, %38, %39"
#define FLEETWRIGHT_NAMES_48 FLEETWRIGHT_NAMES_40 ", %40, %41, %42, %43, %44, %45, %46, %47"
#define FLEETWRIGHT_NAMES_56 FLEETWRIGHT_NAMES_48 ", %48, %49, %50, %51, %52, %53, %54, %55"
#define FLEETWRIGHT_NAMES_64 FLEETWRIGHT_NAMES_56 ", %56, %57, %58, %59, %60, %61, %62, %63"
#define FLEETWRIGHT_NAMES_72 FLEETWRIGHT_NAMES_64 ", %64, %65, %66, %67, %68, %69, %70, %71"
#define FLEETWRIGHT_NAMES_80 FLEETWRIGHT_NAMES_72 ", %72, %73, %74, %75, %76, %77, %78, %79"
#define FLEETWRIGHT_NAMES_88 FLEETWRIGHT_NAMES_80 ", %80, %81, %82, %83, %84, %85, %86, %87"
#define FLEETWRIGHT_NAMES_96 FLEETWRIGHT_NAMES_88 ", %88, %89, %90, %91, %92, %93, %94, %95"
#define FLEETWRIGHT_NAMES_104 FLEETWRIGHT_NAMES_96 ", %96, %97, %98, %99, %100, %101, %102, %103"
#define FLEETWRIGHT_NAMES_112 \
  FLEETWRIGHT_NAMES_104 ", %104, %105, %106, %107, %108, %109, %110, %111"
#define FLEETWRIGHT_NAMES_120 \
  FLEETWRIGHT_NAMES_112 ", %112, %113, %114, %115, %116, %117, %118, %119"
#define FLEETWRIGHT_NAMES_128 \
  FLEETWRIGHT_NAMES_120 ", %120, %121, %122, %123, %124, %125, %126, %127"
#define FLEETWRIGHT_EIGHT(i)                                                                  \
  "+f"(d[i]), "+f"(d[i + 1]), "+f"(d[i + 2]), "+f"(d[i + 3]), "+f"(d[i + 4]), "+f"(d[i + 5]), \
      "+f"(d[i + 6]), "+f"(d[i + 7])
#define FLEETWRIGHT_REGISTERS_8 FLEETWRIGHT_EIGHT(0)
#define FLEETWRIGHT_REGISTERS_16 FLEETWRIGHT_REGISTERS_8, FLEETWRIGHT_EIGHT(8)
#define FLEETWRIGHT_REGISTERS_24 FLEETWRIGHT_REGISTERS_16, FLEETWRIGHT_EIGHT(16)
#define FLEETWRIGHT_REGISTERS_32 FLEETWRIGHT_REGISTERS_24, FLEETWRIGHT_EIGHT(24)
#define FLEETWRIGHT_REGISTERS_40 FLEETWRIGHT_REGISTERS_32, FLEETWRIGHT_EIGHT(32)
#define FLEETWRIGHT_REGISTERS_48 FLEETWRIGHT_REGISTERS_40, FLEETWRIGHT_EIGHT(40)
#define FLEETWRIGHT_REGISTERS_56 FLEETWRIGHT_REGISTERS_48, FLEETWRIGHT_EIGHT(48)
#define FLEETWRIGHT_REGISTERS_64 FLEETWRIGHT_REGISTERS_56, FLEETWRIGHT_EIGHT(56)
#define FLEETWRIGHT_REGISTERS_72 FLEETWRIGHT_REGISTERS_64, FLEETWRIGHT_EIGHT(64)
#define FLEETWRIGHT_REGISTERS_80 FLEETWRIGHT_REGISTERS_72, FLEETWRIGHT_EIGHT(72)
#define FLEETWRIGHT_REGISTERS_88 FLEETWRIGHT_REGISTERS_80, FLEETWRIGHT_EIGHT(80)
#define FLEETWRIGHT_REGISTERS_96 FLEETWRIGHT_REGISTERS_88, FLEETWRIGHT_EIGHT(88)
#define FLEETWRIGHT_REGISTERS_104 FLEETWRIGHT_REGISTERS_96, FLEETWRIGHT_EIGHT(96)
#define FLEETWRIGHT_REGISTERS_112 FLEETWRIGHT_REGISTERS_104, FLEETWRIGHT_EIGHT(104)
#define FLEETWRIGHT_REGISTERS_120 FLEETWRIGHT_REGISTERS_112, FLEETWRIGHT_EIGHT(112)
#define FLEETWRIGHT_REGISTERS_128 FLEETWRIGHT_REGISTERS_120, FLEETWRIGHT_EIGHT(120)

/// E4M3, k of 32, both along k.
template <int N>
__device__ __forceinline__ void multiply_e4m3(float (&d)[N / 2], std::uint64_t a, std::uint64_t b,
                                              bool accumulate);

// HALF is N / 2; A, B and P are the operands behind the HALF registers of d.
#define FLEETWRIGHT_E4M3(N, HALF, A, B, P)                                                         \
  template <>                                                                                      \
  __device__ __forceinline__ void multiply_e4m3<N>(float(&d)[HALF], std::uint64_t a,               \
                                                   std::uint64_t b, bool accumulate) {             \
    asm volatile("{\n.reg .pred p;\nsetp.ne.b32 p, %" #P                                           \
                 ", 0;\nwgmma.mma_async.sync.aligned.m64n" #N                                      \
                 "k32.f32.e4m3.e4m3 {" FLEETWRIGHT_NAMES_##HALF "}, %" #A ", %" #B ", p, 1, 1;\n}" \
                 : FLEETWRIGHT_REGISTERS_##HALF                                                    \
                 : "l"(a), "l"(b), "r"(static_cast<int>(accumulate)));                             \
  }
FLEETWRIGHT_E4M3(64, 32, 32, 33, 34)
FLEETWRIGHT_E4M3(96, 48, 48, 49, 50)
FLEETWRIGHT_E4M3(112, 56, 56, 57, 58)
FLEETWRIGHT_E4M3(128, 64, 64, 65, 66)
FLEETWRIGHT_E4M3(160, 80, 80, 81, 82)
FLEETWRIGHT_E4M3(192, 96, 96, 97, 98)
#undef FLEETWRIGHT_E4M3

/// BF16, k of 16, a and b in shared memory.
template <int N, Major A, Major B>
__device__ __forceinline__ void multiply_bf16(float (&d)[N / 2], std::uint64_t a, std::uint64_t b,
                                              bool accumulate) {
  static_assert(N == 32 || N == 64 || N == 128 || N == 192 || N == 256);
#define FLEETWRIGHT_BF16(SIZE, HALF, FA, FB, FP, FTA, FTB)                                      \
  if constexpr (N == SIZE) {                                                                    \
    asm volatile("{\n.reg .pred p;\nsetp.ne.b32 p, %" #FP                                       \
                 ", 0;\nwgmma.mma_async.sync.aligned.m64n" #SIZE                                \
                 "k16.f32.bf16.bf16 {" FLEETWRIGHT_NAMES_##HALF                                 \
                 "}, %" #FA ", %" #FB ", p, 1, 1, %" #FTA ", %" #FTB ";\n}"                     \
                 : FLEETWRIGHT_REGISTERS_##HALF                                                 \
                 : "l"(a), "l"(b), "r"(static_cast<int>(accumulate)), "n"(static_cast<int>(A)), \
                   "n"(static_cast<int>(B)));                                                   \
  }
  FLEETWRIGHT_BF16(32, 16, 16, 17, 18, 19, 20)
  FLEETWRIGHT_BF16(64, 32, 32, 33, 34, 35, 36)
  FLEETWRIGHT_BF16(128, 64, 64, 65, 66, 67, 68)
  FLEETWRIGHT_BF16(192, 96, 96, 97, 98, 99, 100)
  FLEETWRIGHT_BF16(256, 128, 128, 129, 130, 131, 132)
#undef FLEETWRIGHT_BF16
}

/// The same with a in registers: pairs of columns 2 (t % 4) and the next of the upper row, of the
/// lower row, then of both 8 columns on. So two neighbouring groups of 8 columns of a product make
/// one a.
template <int N, Major B>
__device__ __forceinline__ void multiply_bf16(float (&d)[N / 2], const std::uint32_t (&a)[4],
                                              std::uint64_t b, bool accumulate) {
  static_assert(N == 64 || N == 128 || N == 192 || N == 256);
#define FLEETWRIGHT_BF16(SIZE, HALF, FA, FB, FC, FD, FE, FP, FT)                                \
  if constexpr (N == SIZE) {                                                                    \
    asm volatile("{\n.reg .pred p;\nsetp.ne.b32 p, %" #FP                                       \
                 ", 0;\nwgmma.mma_async.sync.aligned.m64n" #SIZE                                \
                 "k16.f32.bf16.bf16 {" FLEETWRIGHT_NAMES_##HALF                                 \
                 "}, {%" #FA ", %" #FB ", %" #FC ", %" #FD "}, %" #FE ", p, 1, 1, %" #FT ";\n}" \
                 : FLEETWRIGHT_REGISTERS_##HALF                                                 \
                 : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "l"(b),                          \
                   "r"(static_cast<int>(accumulate)), "n"(static_cast<int>(B)));                \
  }
  FLEETWRIGHT_BF16(64, 32, 32, 33, 34, 35, 36, 37, 38)
  FLEETWRIGHT_BF16(128, 64, 64, 65, 66, 67, 68, 69, 70)
  FLEETWRIGHT_BF16(192, 96, 96, 97, 98, 99, 100, 101, 102)
  FLEETWRIGHT_BF16(256, 128, 128, 129, 130, 131, 132, 133, 134)
#undef FLEETWRIGHT_BF16
}

}  // namespace fleetwright::gpu::hopper

#endif
