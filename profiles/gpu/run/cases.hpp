#pragma once

#include <span>
#include <string>
#include <vector>

#include "profiles/gpu/benchmark.hpp"
#include "profiles/gpu/run/suites.hpp"

namespace fleetwright::gpu {

/// One row to measure: an operator by one benchmark on some of the SMs.
struct Case {
  const Benchmark* benchmark = nullptr;
  Operator op;
  int sms = 0;

  /// "cublas.gemm: gemm 4096x7168x2048 fp8-block, 112 SMs"; what --filter looks at.
  [[nodiscard]] std::string name() const;
  /// The same for two cases only if they measure the same thing: the operator's cells, the library
  /// and the SMs of a row.
  [[nodiscard]] std::string key() const;
};

/// "cublas gemm fp8-block m=4096 n=576 k=7168, 112 SMs".
[[nodiscard]] std::string case_text(const Operator& op, std::string_view library, double sms);
[[nodiscard]] std::string case_key(const Operator& op, std::string_view library, double sms);

/// SMs that communication kernels leave to the rest (DeepSeek-V3, arXiv 2412.19437, section 3.2.2,
/// takes 20); products are measured on what is left as well as on all.
constexpr int communication_sms = 20;

/// Every operator by every benchmark that accepts it, an operator's benchmarks side by side.
[[nodiscard]] std::vector<Case> cases_of(const std::vector<Operator>& operators,
                                         std::span<const Benchmark> benchmarks, int sms);

}  // namespace fleetwright::gpu
