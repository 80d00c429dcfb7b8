#pragma once

#include "profiles/gpu/timing/cuda_check.hpp"

namespace fleetwright::gpu {

/// A stream that does not wait for the default one.
class OwnStream {
 public:
  OwnStream() {
    require_cuda(cudaStreamCreateWithFlags(&stream_, cudaStreamNonBlocking), "making a stream");
  }
  OwnStream(const OwnStream&) = delete;
  OwnStream& operator=(const OwnStream&) = delete;
  ~OwnStream() { cudaStreamDestroy(stream_); }
  [[nodiscard]] cudaStream_t get() const { return stream_; }

 private:
  cudaStream_t stream_ = nullptr;
};

/// Two moments of a stream and the time between them.
class EventPair {
 public:
  EventPair() {
    require_cuda(cudaEventCreate(&start_), "making an event");
    if (const cudaError_t status = cudaEventCreate(&stop_); status != cudaSuccess) {
      cudaEventDestroy(start_);
      require_cuda(status, "making an event");
    }
  }
  EventPair(const EventPair&) = delete;
  EventPair& operator=(const EventPair&) = delete;
  ~EventPair() {
    cudaEventDestroy(start_);
    cudaEventDestroy(stop_);
  }
  void start(cudaStream_t stream) {
    require_cuda(cudaEventRecord(start_, stream), "recording an event");
  }
  void stop(cudaStream_t stream) {
    require_cuda(cudaEventRecord(stop_, stream), "recording an event");
  }
  /// Both must have come to pass.
  [[nodiscard]] double microseconds() const {
    float ms = 0;
    require_cuda(cudaEventElapsedTime(&ms, start_, stop_), "reading events");
    return 1e3 * static_cast<double>(ms);
  }

 private:
  cudaEvent_t start_ = nullptr;
  cudaEvent_t stop_ = nullptr;
};

}  // namespace fleetwright::gpu
