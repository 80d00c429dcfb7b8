#include <cuda_bf16.h>
#include <cuda_fp8.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstring>

#include "profiles/gpu/benchmarks/cudnn.hpp"
#include "profiles/gpu/benchmarks/cudnn_workloads.hpp"
#include "profiles/gpu/checks/compare.hpp"
#include "profiles/gpu/checks/cudnn_check.hpp"
#include "profiles/gpu/reference/number_formats.hpp"
#include "tests/gpu/library_graph_interpreter.hpp"

namespace fleetwright::gpu {
namespace {

std::size_t elements(const GraphTensor& t) {
  std::size_t count = 1;
  for (const std::int64_t size : t.size) count *= static_cast<std::size_t>(size);
  return count;
}

std::vector<double> read(const GraphTensor& t, const void* memory) {
  const auto copy = [&](auto element) {
    std::vector<decltype(element)> values(elements(t));
    download(values.data(), memory, values.size() * sizeof(element));
    return values;
  };
  switch (t.type) {
    case GraphType::bfloat16:
      return widen(copy(__nv_bfloat16{}));
    case GraphType::e4m3:
      return widen(copy(__nv_fp8_storage_t{}));
    case GraphType::int32: {
      const std::vector<std::int32_t> values = copy(std::int32_t{});
      return {values.begin(), values.end()};
    }
    default:
      return widen(copy(float{}));
  }
}

void write(const GraphTensor& t, const std::vector<double>& values, void* memory) {
  if (t.type == GraphType::bfloat16) {
    std::vector<__nv_bfloat16> narrow;
    for (const double v : values) narrow.push_back(__double2bfloat16(v));
    upload(memory, narrow.data(), narrow.size() * sizeof(__nv_bfloat16));
    return;
  }
  ASSERT_EQ(t.type, GraphType::float32);
  const std::vector<float> narrow(values.begin(), values.end());
  upload(memory, narrow.data(), narrow.size() * sizeof(float));
}

std::vector<TensorId> written(const Graph& graph) {
  std::vector<TensorId> ids;
  for (const GraphNode& node : graph.nodes) {
    if (const auto* m = std::get_if<MatmulNode>(&node)) ids.push_back(m->c);
    if (const auto* p = std::get_if<PointwiseNode>(&node)) ids.push_back(p->y);
    if (const auto* r = std::get_if<ReductionNode>(&node)) ids.push_back(r->y);
    if (const auto* e = std::get_if<ExpertMatmulNode>(&node)) ids.push_back(e->result);
  }
  return ids;
}

// Computes graphs on the CPU, from the memory that a launch on the GPU would use.
GraphLaunch interpret(const Graph& graph, const GraphMemory& memory) {
  return [graph, memory](Stream) {
    std::map<TensorId, std::vector<double>> values;
    for (TensorId id = 0; id < graph.tensors.size(); ++id) {
      if (graph.tensors[id].in_memory) values[id] = read(graph.tensors[id], memory.at(id));
    }
    const GraphInterpreter computed(graph, values);
    for (const TensorId id : written(graph)) {
      if (graph.tensors[id].in_memory) write(graph.tensors[id], computed.memory(id), memory.at(id));
    }
  };
}

void expect_written_whole(Workload& workload, std::size_t outputs) {
  EXPECT_EQ(workload.outputs().size(), outputs);
  for (const Output& o : workload.outputs()) {
    device_fill(o.data, 0xff, o.elements * (o.type == ElementType::float32 ? 4 : 2));
  }
  workload.launch(nullptr);
  for (const Output& o : workload.outputs()) {
    GraphTensor t;
    t.size = {static_cast<std::int64_t>(o.elements)};
    t.type = o.type == ElementType::float32 ? GraphType::float32 : GraphType::bfloat16;
    for (const double v : read(t, o.data)) ASSERT_FALSE(std::isnan(v));
  }
}

Attention attention(bool backward) {
  Attention a;
  a.batch = 2;
  a.queries = a.keys = 10;
  a.heads = 4;
  a.kv_heads = 2;
  a.d_qk = 24;
  a.d_v = 16;
  a.backward = backward;
  return a;
}

TEST(CudnnCheck, PassesWhereGraphsAreComputedRight) {
  const auto results = check_cudnn(interpret, 5);
  EXPECT_EQ(results.size(), 3U * (2 + 2 * 3) + 2);
  for (const CheckResult& r : results) {
    EXPECT_TRUE(r.passed()) << r.what << ": " << r.error << " over " << r.bound;
  }
}

TEST(CudnnCheck, SeesASingleWrongElement) {
  int launches = 0;
  const GraphCompiler wrong = [&](const Graph& graph, const GraphMemory& memory) -> GraphLaunch {
    const GraphLaunch right = interpret(graph, memory);
    const TensorId last = written(graph).back();
    void* result = memory.at(last);
    return [=, &launches](Stream stream) {
      right(stream);
      ++launches;
      __nv_bfloat16 first;
      download(&first, result, sizeof(first));
      first = __float2bfloat16_rn(__bfloat162float(first) + 1000);
      upload(result, &first, sizeof(first));
    };
  };
  int failed = 0;
  for (const CheckResult& r : check_cudnn(wrong, 5)) failed += r.passed() ? 0 : 1;
  EXPECT_GE(failed, launches);
}

TEST(CudnnCheck, LeavesOutWhatIsNotThere) {
  const GraphCompiler none = [](const Graph&, const GraphMemory&) -> GraphLaunch {
    throw Unavailable("no engine");
  };
  EXPECT_TRUE(check_cudnn(none, 1).empty());
}

TEST(CudnnAttentionBenchmark, WritesResultsAndGradientsWhole) {
  expect_written_whole(*cudnn_attention(interpret, attention(false), false, 3), 2);
  for (const bool deterministic : {false, true}) {
    expect_written_whole(*cudnn_attention(interpret, attention(true), deterministic, 3), 3);
  }
}

TEST(CudnnGroupedGemmBenchmark, WritesTheRowsOfAllExperts) {
  for (const Precision p : {Precision::bf16, Precision::fp8}) {
    GroupedGemm op{3, 40, 24, 32, p, GemmPass::forward};
    expect_written_whole(*cudnn_grouped_gemm(interpret, op, 3), 1);
  }
}

TEST(CudnnBenchmarks, AcceptCausalTrainingShapes) {
  const std::vector<Benchmark> all = cudnn_benchmarks();
  const auto accepts = [&](std::size_t which, const Operator& op) {
    return all[which].accepts(op);
  };
  Attention a;
  a.queries = a.keys = 4096;
  a.heads = a.kv_heads = 128;
  a.d_qk = 192;
  a.d_v = 128;
  EXPECT_TRUE(accepts(0, a));
  EXPECT_FALSE(accepts(1, a)) << "the forward pass is the same in both ways";
  a.backward = true;
  EXPECT_TRUE(accepts(0, a));
  EXPECT_TRUE(accepts(1, a));
  Attention sliding = a;
  sliding.window = 1024;
  EXPECT_FALSE(accepts(0, sliding));
  sliding.window = 4096;  // sees all of them
  EXPECT_TRUE(accepts(0, sliding));
  Attention shared = a;
  shared.kv_heads = 8;
  EXPECT_TRUE(accepts(0, shared));
  shared.kv_heads = 7;
  EXPECT_FALSE(accepts(0, shared));
  Attention part = a;
  part.queries = 2048;
  EXPECT_FALSE(accepts(0, part));
  Attention narrow = a;
  narrow.precision = Precision::fp8;
  EXPECT_FALSE(accepts(0, narrow));
}

TEST(CudnnBenchmarks, AcceptForwardProductsOfExperts) {
  const Benchmark grouped = cudnn_benchmarks()[2];
  EXPECT_TRUE(grouped.accepts(GroupedGemm{4, 32768, 4096, 7168, Precision::bf16}));
  EXPECT_TRUE(grouped.accepts(GroupedGemm{4, 32768, 4096, 7168, Precision::fp8}));
  EXPECT_FALSE(grouped.accepts(GroupedGemm{4, 32768, 4096, 7168, Precision::fp8_block}));
  EXPECT_FALSE(grouped.accepts(
      GroupedGemm{4, 4096, 7168, 32768, Precision::bf16, GemmPass::weight_gradient}));
  EXPECT_FALSE(grouped.accepts(Gemm{4096, 7168, 2048}));
}

}  // namespace
}  // namespace fleetwright::gpu
