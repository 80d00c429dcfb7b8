#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "models/operators.hpp"
#include "profiles/gpu/device_memory.hpp"

namespace fleetwright::gpu {

/// Something a benchmark needs is not here (a library, an algorithm, memory): a line in the log and
/// a gap in the data.
class Unavailable : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

enum class ElementType : std::uint8_t { bfloat16, float32, e4m3, int32 };

/// Device memory that a launch writes whole.
struct Output {
  void* data = nullptr;
  std::size_t elements = 0;
  ElementType type = ElementType::bfloat16;
};

/// An operator with its operands on the device (random numbers, never zeros), ready to be launched
/// again and again.
class Workload {
 public:
  virtual ~Workload() = default;
  virtual void launch(Stream stream) = 0;
  /// What a launch must write; poisoned before and looked at after the measurement.
  [[nodiscard]] virtual std::vector<Output> outputs() = 0;
};

/// A comparison of ours with the reference.
struct CheckResult {
  std::string what;  // "rmsnorm_forward 7x512 y"
  double error = 0;
  double bound = 0;
  [[nodiscard]] bool passed() const { return error <= bound; }  // NaN does not pass
};

/// How to run some operators by one library. `prepare` throws Unavailable.
struct Benchmark {
  std::string_view name;     // unique, "cublaslt.gemm"
  std::string_view library;  // as in the data: "fleetwright", "cublas", "cudnn"
  std::string_view help;     // one sentence
  bool (*accepts)(const Operator& op) = nullptr;
  /// `sms`: how many SMs to use. Benchmarks that cannot limit them have limits_sms = false and are
  /// given all.
  std::unique_ptr<Workload> (*prepare)(const Operator& op, int sms, std::uint64_t seed) = nullptr;
  bool limits_sms = false;
  /// Compares small shapes with the CPU reference, for fresh random inputs of this seed; null where
  /// the library is the reference.
  std::vector<CheckResult> (*check)(std::uint64_t seed) = nullptr;
};

/// All benchmarks, in the order of the log.
[[nodiscard]] std::span<const Benchmark> builtin_benchmarks();

}  // namespace fleetwright::gpu
