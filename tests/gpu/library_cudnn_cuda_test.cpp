#include <dlfcn.h>
#include <fmt/core.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

#include "models/core/error.hpp"
#include "profiles/gpu/benchmark.hpp"
#include "profiles/gpu/libraries/cudnn_attention.hpp"
#include "profiles/gpu/libraries/cudnn_grouped.hpp"
#include "profiles/gpu/libraries/cudnn_plan.hpp"

namespace fleetwright::gpu {
namespace {

/// What cuDNN wants to know of a GPU that is not there.
struct DescribedGpu {
  const char* name;
  int architecture;  // 900 for compute capability 9.0
  int multiprocessors;
  int shared_memory;  // bytes that a block may ask for
};

// CUDA C++ programming guide, "technical specifications per compute capability"; of the clocks and
// of the memory, which the choice of an engine does not depend on, those of an H100 SXM.
constexpr DescribedGpu h100{"NVIDIA H100 80GB HBM3", 900, 132, 232448};
constexpr DescribedGpu a100{"NVIDIA A100-SXM4-80GB", 800, 108, 166912};

std::string properties(const DescribedGpu& gpu) {
  return fmt::format(
      R"({{"deviceName":"{}","deviceVer":{},"driverVer":13000,"cudaDeviceId":0,"pciDeviceId":0,)"
      R"("maxGridSize":[2147483647,65535,65535],"maxBlockSize":[1024,1024,64],"warpSize":32,)"
      R"("regsPerBlock":65536,"maxRegistersPerSM":65536,"multiProcessorCount":{},)"
      R"("maxSharedMemoryPerBlock":49152,"maxSharedMemoryPerBlockOptin":{},)"
      R"("reservedSharedMemoryPerBlock":1024,"maxCtasPerSM":32,"maxThreadsPerBlock":1024,)"
      R"("maxThreadsPerSM":2048,"isTccDriver":0,"supportCoopLaunch":1,"l2CacheSize":52428800,)"
      R"("totalGlobalMem":85017493504,"smClockRateKHz":1980000,"memClockRateKHz":2619000}})",
      gpu.name, gpu.architecture, gpu.multiprocessors, gpu.shared_memory);
}

// Without a driver cuDNN looks at no engine. The toolkit has a stand-in to link programs with,
// which is enough, as nothing runs.
std::string driver() {
  if (dlopen("libcuda.so.1", RTLD_NOW) != nullptr) return "libcuda.so.1";
  const char* toolkit = std::getenv("CUDA_HOME");
  return std::string(toolkit == nullptr ? "/usr/local/cuda" : toolkit) + "/lib64/stubs/libcuda.so";
}

constexpr AttentionShape latent{1, 4096, 128, 128, 192, 128};
constexpr AttentionShape shapes[] = {latent,
                                     {2, 8192, 64, 8, 128, 128},
                                     {1, 192, 2, 2, 192, 128},
                                     {2, 136, 4, 2, 128, 128},
                                     {1, 64, 3, 1, 64, 64}};

/// The real library, as it is installed here; a GPU is not needed.
class CudnnLibrary : public testing::Test {
 protected:
  void SetUp() override {
    try {
      api_ = &cudnn_api();
    } catch (const Unavailable& e) {
      GTEST_SKIP() << e.what();  // cuDNN is not installed
    }
  }
  [[nodiscard]] CudnnDevice described(const DescribedGpu& gpu) const {
    return CudnnDevice::described(*api_, properties(gpu));
  }
  const CudnnApi* api_ = nullptr;
};

TEST_F(CudnnLibrary, IsOfTheVersionOfTheHeaders) {
  EXPECT_NE(api_->path.find("libcudnn.so"), std::string::npos) << api_->path;
  EXPECT_EQ(api_->version().rfind(std::to_string(CUDNN_MAJOR) + ".", 0), 0U) << api_->version();
}

TEST_F(CudnnLibrary, TakesTheAttributesOfEveryGraph) {
  const CudnnDevice device = described(h100);
  for (const AttentionShape& s : shapes) {
    EXPECT_NO_THROW((void)cudnn_operations(device, attention_forward_graph(s).graph));
    for (const bool deterministic : {false, true}) {
      EXPECT_NO_THROW(
          (void)cudnn_operations(device, attention_backward_graph(s, deterministic).graph));
    }
  }
  for (const GraphType type : {GraphType::bfloat16, GraphType::e4m3}) {
    EXPECT_NO_THROW(
        (void)cudnn_operations(device, grouped_graph(4, 32768, 4096, 7168, type).graph));
  }
}

TEST_F(CudnnLibrary, ExplainsWhatItRefuses) {
  Graph graph = attention_forward_graph(shapes[4]).graph;
  graph.tensors[0].stride.pop_back();
  try {
    (void)cudnn_operations(described(h100), graph);
    FAIL() << "a tensor of three strides for four dimensions was taken";
  } catch (const Error& e) {
    const std::string text = e.what();
    EXPECT_NE(text.find("cuDNN " + api_->version()), std::string::npos) << text;
    EXPECT_NE(text.find("finishing descriptor 17: CUDNN_STATUS_BAD_PARAM"), std::string::npos)
        << text;
  }
}

/// In a process of its own for each test: the stand-in for the driver stays once it is loaded.
class CudnnEngines : public CudnnLibrary {
 protected:
  void SetUp() override {
    CudnnLibrary::SetUp();
    const std::string library = driver();
    if (library.front() == '/' && !std::filesystem::exists(library)) {
      GTEST_SKIP() << "neither a driver nor " << library;
    }
  }

  // Ends the process: well, if cuDNN has engines for the graph on the GPU, or has none as expected.
  [[noreturn]] void expect_engines(const DescribedGpu& gpu, const std::vector<Graph>& graphs,
                                   bool expected) const {
    int wrong = dlopen(driver().c_str(), RTLD_NOW) == nullptr ? 1 : 0;
    try {
      const CudnnDevice device = described(gpu);
      for (std::size_t i = 0; i < graphs.size(); ++i) {
        const std::vector<std::int64_t> engines = cudnn_engines(device, graphs[i]);
        if (engines.empty() == expected) {
          fmt::print(stderr, "graph {}: {} engines\n", i, engines.size());
          ++wrong;
        }
      }
    } catch (const std::exception& e) {
      fmt::print(stderr, "{}\n", e.what());
      ++wrong;
    }
    std::_Exit(wrong == 0 ? 0 : 1);
  }
};

TEST_F(CudnnEngines, ComputeAttentionOnHopper) {
  std::vector<Graph> graphs;
  for (const AttentionShape& s : shapes) {
    graphs.push_back(attention_forward_graph(s).graph);
    graphs.push_back(attention_backward_graph(s, false).graph);
    graphs.push_back(attention_backward_graph(s, true).graph);
  }
  EXPECT_EXIT(expect_engines(h100, graphs, true), testing::ExitedWithCode(0), "");
}

TEST_F(CudnnEngines, ComputeProductsOfExpertsOnHopper) {
  const std::vector<Graph> graphs = {grouped_graph(4, 32768, 4096, 7168, GraphType::bfloat16).graph,
                                     grouped_graph(4, 32768, 4096, 7168, GraphType::e4m3).graph,
                                     grouped_graph(4, 200, 96, 128, GraphType::bfloat16).graph,
                                     grouped_graph(4, 200, 96, 128, GraphType::e4m3).graph};
  EXPECT_EXIT(expect_engines(h100, graphs, true), testing::ExitedWithCode(0), "");
}

TEST_F(CudnnEngines, DoNotComputeFp8OnAmpere) {
  const std::vector<Graph> graphs = {grouped_graph(4, 32768, 4096, 7168, GraphType::e4m3).graph};
  EXPECT_EXIT(expect_engines(a100, graphs, false), testing::ExitedWithCode(0), "");
}

}  // namespace
}  // namespace fleetwright::gpu
