#pragma once

#include <cudnn_graph.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace fleetwright::gpu {

#define FLEETWRIGHT_CUDNN_FUNCTIONS(X) \
  X(cudnnGetVersion)                   \
  X(cudnnGetErrorString)               \
  X(cudnnGetLastErrorString)           \
  X(cudnnCreate)                       \
  X(cudnnDestroy)                      \
  X(cudnnSetStream)                    \
  X(cudnnBackendCreateDescriptor)      \
  X(cudnnBackendDestroyDescriptor)     \
  X(cudnnBackendSetAttribute)          \
  X(cudnnBackendGetAttribute)          \
  X(cudnnBackendFinalize)              \
  X(cudnnBackendExecute)

/// The functions of cuDNN that are used here, under their own names.
struct CudnnApi {
#define FLEETWRIGHT_DECLARE(function) decltype(&::function) function = nullptr;
  FLEETWRIGHT_CUDNN_FUNCTIONS(FLEETWRIGHT_DECLARE)  // NOLINT(readability-identifier-naming)
#undef FLEETWRIGHT_DECLARE
  std::string path;

  /// "9.19.0".
  [[nodiscard]] std::string version() const;
  /// The library's text for this status and for what led to it.
  [[nodiscard]] std::string explain(cudnnStatus_t status) const;
};

/// Loaded at the first call. Throws Unavailable.
[[nodiscard]] const CudnnApi& cudnn_api();

/// An object of cuDNN's backend. Whatever it refuses throws Unavailable: what is asked of it
/// depends on the shapes that are measured.
class CudnnDescriptor {
 public:
  CudnnDescriptor(const CudnnApi& api, cudnnBackendDescriptorType_t type);

  template <typename T>
  CudnnDescriptor& set(cudnnBackendAttributeName_t name, cudnnBackendAttributeType_t type,
                       const T& value) {
    return set_array(name, type, 1, static_cast<const void*>(&value));
  }
  template <typename T>
  CudnnDescriptor& set(cudnnBackendAttributeName_t name, cudnnBackendAttributeType_t type,
                       const std::vector<T>& values) {
    return set_array(name, type, static_cast<std::int64_t>(values.size()),
                     static_cast<const void*>(values.data()));
  }
  CudnnDescriptor& set(cudnnBackendAttributeName_t name, const CudnnDescriptor& other);
  CudnnDescriptor& finalize();

  [[nodiscard]] std::int64_t read_int64(cudnnBackendAttributeName_t name) const;
  /// The objects of this type that an attribute holds.
  [[nodiscard]] std::vector<CudnnDescriptor> read_descriptors(
      cudnnBackendAttributeName_t name, cudnnBackendDescriptorType_t type) const;
  [[nodiscard]] cudnnBackendDescriptor_t get() const { return descriptor_.get(); }

 private:
  CudnnDescriptor& set_array(cudnnBackendAttributeName_t name, cudnnBackendAttributeType_t type,
                             std::int64_t count, const void* values);

  const CudnnApi* api_;
  cudnnBackendDescriptorType_t type_;
  std::shared_ptr<void> descriptor_;
};

/// The GPU that plans are made for: this one, or one that is only described (then plans can be made
/// and looked at, not run; cuDNN calls that deviceless compilation).
class CudnnDevice {
 public:
  /// The current GPU. Throws Unavailable.
  [[nodiscard]] static CudnnDevice current(const CudnnApi& api);
  /// `properties`: cuDNN's own JSON of a GPU.
  [[nodiscard]] static CudnnDevice described(const CudnnApi& api, std::string_view properties);

  [[nodiscard]] const CudnnApi& api() const { return *api_; }
  /// Null where the GPU is only described.
  [[nodiscard]] cudnnHandle_t handle() const { return handle_.get(); }
  [[nodiscard]] const CudnnDescriptor* properties() const { return properties_.get(); }

 private:
  explicit CudnnDevice(const CudnnApi& api) : api_(&api) {}

  const CudnnApi* api_;
  std::shared_ptr<cudnnContext> handle_;
  std::shared_ptr<CudnnDescriptor> properties_;
};

}  // namespace fleetwright::gpu
