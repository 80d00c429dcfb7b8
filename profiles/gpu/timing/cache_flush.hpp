#pragma once

#include <cstddef>

#include "profiles/gpu/device_memory.hpp"

namespace fleetwright::gpu {

/// Empties the L2 of what launches left there. The buffer is written and then read, so that its own
/// lines in the L2 are clean: dirty ones would be written back at the cost of the next launch.
class CacheFlush {
 public:
  /// For an L2 of that size; takes twice as much device memory.
  explicit CacheFlush(std::size_t l2_bytes);
  void queue(Stream stream);

  /// The sum over the 32-bit words that the last flush read.
  [[nodiscard]] unsigned sum() const;
  [[nodiscard]] std::size_t bytes() const { return buffer_.bytes(); }

 private:
  DeviceArray<unsigned> buffer_;
  DeviceArray<unsigned> sums_;  // one a block
};

}  // namespace fleetwright::gpu
