// The device memory of the emulator is the host's.

#include <algorithm>
#include <cstdlib>
#include <cstring>

#include "profiles/gpu/device_memory.hpp"

namespace fleetwright::gpu {

// Aligned as cudaMalloc aligns, and no longer than asked for, so that the address sanitizer sees a
// kernel that runs over its end. Not a number until written.
void* device_allocate(std::size_t bytes) {
  void* memory = nullptr;
  if (posix_memalign(&memory, 256, std::max<std::size_t>(bytes, 1)) != 0) throw std::bad_alloc();
  std::memset(memory, 0xff, bytes);
  return memory;
}
void device_free(void* memory) noexcept { std::free(memory); }
void upload(void* device, const void* host, std::size_t bytes) {
  if (bytes > 0) std::memcpy(device, host, bytes);
}
void download(void* host, const void* device, std::size_t bytes) {
  if (bytes > 0) std::memcpy(host, device, bytes);
}
void device_fill(void* device, int byte, std::size_t bytes, Stream) {
  std::memset(device, byte, bytes);
}
void device_synchronize() {}
void check_launch() {}
// Few enough that small shapes already take several rounds of a persistent kernel.
int multiprocessors() { return 3; }

}  // namespace fleetwright::gpu
