#pragma once

// What every kernel family is asked on the emulator: does its check pass for several seeds and both
// orders of threads, and does each benchmark write its outputs whole?

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>

#include "profiles/gpu/benchmark.hpp"
#include "profiles/gpu/checks/compare.hpp"
#include "tests/gpu/emulator.hpp"

namespace fleetwright::gpu {

/// With the first seed threads run in ascending order, with the second in descending, with a third
/// in shuffled order.
inline void expect_passes(std::vector<CheckResult> (*check)(std::uint64_t),
                          std::initializer_list<std::uint64_t> seeds) {
  for (const std::uint64_t seed : seeds) {
    const std::vector<CheckResult> results = check(seed);
    EXPECT_FALSE(results.empty());
    for (const CheckResult& r : results) {
      EXPECT_TRUE(r.passed()) << r.what << ": error " << r.error << ", bound " << r.bound
                              << ", seed " << seed
                              << (emulator::shuffled     ? ", shuffled"
                                  : emulator::descending ? ", descending"
                                                         : ", ascending");
    }
    emulator::shuffled = emulator::descending;
    emulator::descending = !emulator::descending;
  }
  emulator::descending = emulator::shuffled = false;
}

/// How many elements still are what device memory is poisoned with, which no kernel writes.
inline std::size_t poisoned_elements(const Output& output) {
  const auto* const bytes = static_cast<const unsigned char*>(output.data);
  std::size_t width = 1;
  if (output.type == ElementType::bfloat16) width = 2;
  if (output.type == ElementType::float32 || output.type == ElementType::int32) width = 4;
  constexpr unsigned char poison[] = {0xff, 0xff, 0xff, 0xff};
  std::size_t poisoned = 0;
  for (std::size_t i = 0; i < output.elements; ++i) {
    if (std::memcmp(bytes + i * width, poison, width) == 0) ++poisoned;
  }
  return poisoned;
}

/// The operator must be accepted by exactly one of the benchmarks, whose launches write all
/// outputs. Its name is the kernel's unless told.
inline void expect_writes_outputs(const std::vector<Benchmark>& benchmarks, const Operator& op,
                                  std::size_t outputs, const std::string& name = {}) {
  std::size_t accepting = 0;
  for (const Benchmark& b : benchmarks) {
    if (!b.accepts(op)) continue;
    ++accepting;
    EXPECT_EQ(b.name, name.empty() ? "fleetwright." + std::string(kernel_name(op)) : name);
    const std::unique_ptr<Workload> workload = b.prepare(op, multiprocessors(), 5);
    EXPECT_EQ(workload->outputs().size(), outputs);
    for (int launch = 0; launch < 2; ++launch) {
      for (const Output& o : workload->outputs()) {
        const std::size_t width = o.type == ElementType::bfloat16 ? 2
                                  : o.type == ElementType::e4m3   ? 1
                                                                  : 4;
        device_fill(o.data, 0xff, o.elements * width);
      }
      workload->launch(nullptr);
      device_synchronize();
      for (const Output& o : workload->outputs()) EXPECT_EQ(poisoned_elements(o), 0U) << b.name;
    }
  }
  EXPECT_EQ(accepting, 1U) << describe(op);
}

}  // namespace fleetwright::gpu
