#include "tests/fuzz/input.hpp"

#include <sys/mman.h>
#include <unistd.h>

#include <cstdlib>
#include <string>

namespace fleetwright::fuzzing {

std::filesystem::path input_file(std::string_view text) {
  static const int fd = ::memfd_create("input", 0);
  if (::ftruncate(fd, 0) != 0 || ::pwrite(fd, text.data(), text.size(), 0) < 0) std::abort();
  return "/proc/self/fd/" + std::to_string(fd);
}

}  // namespace fleetwright::fuzzing
