#pragma once

// FLEETWRIGHT_ON_BOTH: functions that the kernels run on the GPU, and the tests on the CPU.
// FLEETWRIGHT_UNROLL: before a loop whose registers must have fixed names.
#ifdef __CUDACC__
#define FLEETWRIGHT_ON_BOTH __host__ __device__
#define FLEETWRIGHT_UNROLL _Pragma("unroll")
#else
#define FLEETWRIGHT_ON_BOTH
#define FLEETWRIGHT_UNROLL
#endif
