#include "profiles/gpu/libraries/cudnn.hpp"

#include <fmt/core.h>

#include <array>

#include "models/core/error.hpp"
#include "profiles/gpu/benchmark.hpp"
#include "profiles/gpu/libraries/library_search.hpp"

namespace fleetwright::gpu {
namespace {

// cuDNN compiles kernels when it makes a plan, by a library that asks the loader for its own parts
// by name and so does not find them in the folder of a Python package.
void load_compiler() {
  try {
    open_beside(open_library(nvrtc_library, process_places()), "libnvrtc-builtins.so.");
  } catch (const Unavailable&) {  // plans that need it will say so
  }
}

CudnnApi load() {
  load_compiler();
  const SharedLibrary library = open_library(cudnn_library, process_places());
  CudnnApi api;
#define FLEETWRIGHT_LOOK_UP(function) \
  api.function = reinterpret_cast<decltype(&::function)>(library.symbol(#function));
  FLEETWRIGHT_CUDNN_FUNCTIONS(FLEETWRIGHT_LOOK_UP)
#undef FLEETWRIGHT_LOOK_UP
  api.path = library.path();
  return api;
}

// What is not supported depends on the shape and the GPU; all else would be a mistake of ours.
void require(const CudnnApi& api, cudnnStatus_t status, std::string_view what) {
  if (status == CUDNN_STATUS_SUCCESS) return;
  const std::string text =
      fmt::format("cuDNN {}: {}: {}", api.version(), what, api.explain(status));
  if (status == CUDNN_STATUS_NOT_INITIALIZED ||
      CUDNN_STATUS_CATEGORY(static_cast<int>(status)) == CUDNN_STATUS_NOT_SUPPORTED) {
    throw Unavailable(text);
  }
  throw Error(text);
}

}  // namespace

std::string CudnnApi::version() const {
  // CUDNN_VERSION of cudnn_version.h.
  const std::size_t v = cudnnGetVersion();
  return fmt::format("{}.{}.{}", v / 10000, v / 100 % 100, v % 100);
}

std::string CudnnApi::explain(cudnnStatus_t status) const {
  std::array<char, 1024> reason{};
  cudnnGetLastErrorString(reason.data(), reason.size());
  const std::string_view text = reason.data();
  return fmt::format("{}{}{}", cudnnGetErrorString(status), text.empty() ? "" : ": ", text);
}

const CudnnApi& cudnn_api() {
  static const CudnnApi api = load();
  return api;
}

CudnnDescriptor::CudnnDescriptor(const CudnnApi& api, cudnnBackendDescriptorType_t type)
    : api_(&api), type_(type) {
  cudnnBackendDescriptor_t descriptor = nullptr;
  require(api, api.cudnnBackendCreateDescriptor(type, &descriptor),
          fmt::format("creating descriptor {}", static_cast<int>(type)));
  descriptor_ = {descriptor, [&api](void* d) { api.cudnnBackendDestroyDescriptor(d); }};
}

CudnnDescriptor& CudnnDescriptor::set_array(cudnnBackendAttributeName_t name,
                                            cudnnBackendAttributeType_t type, std::int64_t count,
                                            const void* values) {
  require(*api_, api_->cudnnBackendSetAttribute(get(), name, type, count, values),
          fmt::format("attribute {} of descriptor {}", static_cast<int>(name),
                      static_cast<int>(type_)));
  return *this;
}

CudnnDescriptor& CudnnDescriptor::set(cudnnBackendAttributeName_t name,
                                      const CudnnDescriptor& other) {
  const cudnnBackendDescriptor_t d = other.get();
  return set_array(name, CUDNN_TYPE_BACKEND_DESCRIPTOR, 1, static_cast<const void*>(&d));
}

CudnnDescriptor& CudnnDescriptor::finalize() {
  require(*api_, api_->cudnnBackendFinalize(get()),
          fmt::format("finishing descriptor {}", static_cast<int>(type_)));
  return *this;
}

std::int64_t CudnnDescriptor::read_int64(cudnnBackendAttributeName_t name) const {
  std::int64_t value = 0, count = 0;
  require(*api_, api_->cudnnBackendGetAttribute(get(), name, CUDNN_TYPE_INT64, 1, &count, &value),
          fmt::format("reading attribute {} of descriptor {}", static_cast<int>(name),
                      static_cast<int>(type_)));
  return value;
}

std::vector<CudnnDescriptor> CudnnDescriptor::read_descriptors(
    cudnnBackendAttributeName_t name, cudnnBackendDescriptorType_t type) const {
  const auto read = [&](std::int64_t most, std::int64_t* count, void* to) {
    require(
        *api_,
        api_->cudnnBackendGetAttribute(get(), name, CUDNN_TYPE_BACKEND_DESCRIPTOR, most, count, to),
        fmt::format("reading attribute {} of descriptor {}", static_cast<int>(name),
                    static_cast<int>(type_)));
  };
  std::int64_t count = 0;
  read(0, &count, nullptr);
  std::vector<CudnnDescriptor> found;
  std::vector<cudnnBackendDescriptor_t> raw;
  for (std::int64_t i = 0; i < count; ++i) {
    found.emplace_back(*api_, type);
    raw.push_back(found.back().get());
  }
  if (count > 0) read(count, &count, static_cast<void*>(raw.data()));
  found.resize(static_cast<std::size_t>(count), CudnnDescriptor(*api_, type));
  return found;
}

CudnnDevice CudnnDevice::current(const CudnnApi& api) {
  CudnnDevice device(api);
  cudnnHandle_t handle = nullptr;
  require(api, api.cudnnCreate(&handle), "creating a handle");
  device.handle_ = {handle, [&api](cudnnHandle_t h) { api.cudnnDestroy(h); }};
  return device;
}

CudnnDevice CudnnDevice::described(const CudnnApi& api, std::string_view properties) {
  CudnnDevice device(api);
  device.properties_ = std::make_shared<CudnnDescriptor>(api, CUDNN_BACKEND_DEVICEPROP_DESCRIPTOR);
  device.properties_->set(CUDNN_ATTR_DEVICEPROP_JSON_REPRESENTATION, CUDNN_TYPE_CHAR,
                          std::vector<char>(properties.begin(), properties.end()));
  device.properties_->finalize();
  return device;
}

}  // namespace fleetwright::gpu
