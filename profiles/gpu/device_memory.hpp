#pragma once

#include <cstddef>
#include <utility>
#include <vector>

#include "models/core/error.hpp"

struct CUstream_st;

namespace fleetwright::gpu {

using Stream = CUstream_st*;

/// The GPU has not as much memory.
class OutOfMemory : public Error {
 public:
  using Error::Error;
};

// Thin over the CUDA runtime; the emulator of tests/gpu has its own on the host. All throw Error
// with CUDA's text.
[[nodiscard]] void* device_allocate(std::size_t bytes);
void device_free(void* memory) noexcept;
void upload(void* device, const void* host, std::size_t bytes);
void download(void* host, const void* device, std::size_t bytes);
void device_fill(void* device, int byte, std::size_t bytes, Stream stream = nullptr);
void device_synchronize();
/// Throws if the last launch failed to start.
void check_launch();
[[nodiscard]] int multiprocessors();

/// `size` elements of device memory, freed with it. T must be trivially copyable.
template <typename T>
class DeviceArray {
 public:
  DeviceArray() = default;
  explicit DeviceArray(std::size_t size)
      : data_(static_cast<T*>(device_allocate(size * sizeof(T)))), size_(size) {}
  explicit DeviceArray(const std::vector<T>& host) : DeviceArray(host.size()) {
    upload(data_, host.data(), size_ * sizeof(T));
  }
  DeviceArray(DeviceArray&& other) noexcept
      : data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0)) {}
  DeviceArray& operator=(DeviceArray&& other) noexcept {
    std::swap(data_, other.data_);
    std::swap(size_, other.size_);
    return *this;
  }
  ~DeviceArray() { device_free(data_); }

  [[nodiscard]] T* data() { return data_; }
  [[nodiscard]] const T* data() const { return data_; }
  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] std::size_t bytes() const { return size_ * sizeof(T); }
  [[nodiscard]] std::vector<T> host() const {
    std::vector<T> copy(size_);
    download(copy.data(), data_, bytes());
    return copy;
  }

 private:
  T* data_ = nullptr;
  std::size_t size_ = 0;
};

}  // namespace fleetwright::gpu
