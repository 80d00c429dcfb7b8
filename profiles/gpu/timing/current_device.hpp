#pragma once

#include <cstddef>
#include <string>

namespace fleetwright::gpu {

// Of the GPU that this thread uses. All throw Error.
[[nodiscard]] int current_device();
[[nodiscard]] std::string pci_bus_id();  // "0000:19:00.0"
[[nodiscard]] std::size_t l2_bytes();

}  // namespace fleetwright::gpu
