#include "profiles/gpu/libraries/cudnn_plan.hpp"

#include <fmt/core.h>

#include <stdexcept>
#include <utility>

#include "models/core/error.hpp"
#include "profiles/gpu/benchmark.hpp"

namespace fleetwright::gpu {
namespace {

std::vector<CudnnDescriptor> engine_configurations(const CudnnDevice& device,
                                                   const CudnnDescriptor& graph) {
  const CudnnApi& api = device.api();
  CudnnDescriptor heuristics(api, CUDNN_BACKEND_ENGINEHEUR_DESCRIPTOR);
  heuristics.set(CUDNN_ATTR_ENGINEHEUR_OPERATION_GRAPH, graph)
      .set(CUDNN_ATTR_ENGINEHEUR_MODE, CUDNN_TYPE_HEUR_MODE, CUDNN_HEUR_MODE_A);
  if (device.properties() != nullptr) {
    heuristics.set(CUDNN_ATTR_ENGINEHEUR_DEVICEPROP, *device.properties());
  }
  heuristics.finalize();
  return heuristics.read_descriptors(CUDNN_ATTR_ENGINEHEUR_RESULTS,
                                     CUDNN_BACKEND_ENGINECFG_DESCRIPTOR);
}

std::int64_t engine_of(const CudnnDescriptor& configuration) {
  const auto engine =
      configuration.read_descriptors(CUDNN_ATTR_ENGINECFG_ENGINE, CUDNN_BACKEND_ENGINE_DESCRIPTOR);
  return engine.at(0).read_int64(CUDNN_ATTR_ENGINE_GLOBAL_INDEX);
}

DeviceArray<std::byte> allocate_workspace(std::size_t bytes) {
  try {
    return DeviceArray<std::byte>(bytes);
  } catch (const Error& e) {  // it can be far larger than the operands
    throw Unavailable(fmt::format("no memory for cuDNN's workspace: {}", e.what()));
  }
}

}  // namespace

CudnnPlan::CudnnPlan(CudnnDevice device, Graph graph)
    : device_(std::move(device)),
      graph_(std::move(graph)),
      operations_(cudnn_operations(device_, graph_)) {
  std::string refusals;
  for (const CudnnDescriptor& configuration : engine_configurations(device_, operations_.graph)) {
    try {
      CudnnDescriptor plan(device_.api(), CUDNN_BACKEND_EXECUTION_PLAN_DESCRIPTOR);
      plan.set(CUDNN_ATTR_EXECUTION_PLAN_ENGINE_CONFIG, configuration);
      if (device_.handle() != nullptr) {
        plan.set(CUDNN_ATTR_EXECUTION_PLAN_HANDLE, CUDNN_TYPE_HANDLE, device_.handle());
      }
      plan.finalize();
      workspace_bytes_ =
          static_cast<std::size_t>(plan.read_int64(CUDNN_ATTR_EXECUTION_PLAN_WORKSPACE_SIZE));
      engine_ = engine_of(configuration);
      plan_ = std::move(plan);
      return;
    } catch (const std::runtime_error& refusal) {  // perhaps the next one can
      refusals += fmt::format("{}{}", refusals.empty() ? "" : "; ", refusal.what());
    }
  }
  throw Unavailable(refusals.empty() ? fmt::format("cuDNN {} has no engine for the graph",
                                                   device_.api().version())
                                     : refusals);
}

void CudnnPlan::bind(const GraphMemory& memory) {
  std::vector<std::int64_t> ids;
  std::vector<void*> pointers;
  for (TensorId id = 0; id < graph_.tensors.size(); ++id) {
    GraphTensor& t = graph_.tensors[id];
    if (!t.in_memory && !t.value) continue;
    ids.push_back(unique_id(id));
    pointers.push_back(t.in_memory ? memory.at(id) : &*t.value);
  }
  if (workspace_.bytes() < workspace_bytes_) workspace_ = allocate_workspace(workspace_bytes_);
  CudnnDescriptor pack(device_.api(), CUDNN_BACKEND_VARIANT_PACK_DESCRIPTOR);
  pack.set(CUDNN_ATTR_VARIANT_PACK_UNIQUE_IDS, CUDNN_TYPE_INT64, ids)
      .set(CUDNN_ATTR_VARIANT_PACK_DATA_POINTERS, CUDNN_TYPE_VOID_PTR, pointers)
      .set(CUDNN_ATTR_VARIANT_PACK_WORKSPACE, CUDNN_TYPE_VOID_PTR,
           static_cast<void*>(workspace_.data()))
      .finalize();
  bound_ = std::move(pack);
}

void CudnnPlan::run(Stream stream) {
  ensure(bound_.has_value() && device_.handle() != nullptr, "a plan is bound before it runs");
  const CudnnApi& api = device_.api();
  cudnnStatus_t status = api.cudnnSetStream(device_.handle(), stream);
  if (status == CUDNN_STATUS_SUCCESS) {
    status = api.cudnnBackendExecute(device_.handle(), plan_->get(), bound_->get());
  }
  if (status != CUDNN_STATUS_SUCCESS) {
    throw Error(fmt::format("cuDNN cannot run a plan: {}", api.explain(status)));
  }
}

GraphCompiler cudnn_compiler(const CudnnDevice& device) {
  return [device](const Graph& graph, const GraphMemory& memory) -> GraphLaunch {
    const auto plan = std::make_shared<CudnnPlan>(device, graph);
    plan->bind(memory);
    return [plan](Stream stream) { plan->run(stream); };
  };
}

std::vector<std::int64_t> cudnn_engines(const CudnnDevice& device, const Graph& graph) {
  const CudnnOperations operations = cudnn_operations(device, graph);
  std::vector<std::int64_t> engines;
  for (const CudnnDescriptor& c : engine_configurations(device, operations.graph)) {
    engines.push_back(engine_of(c));
  }
  return engines;
}

}  // namespace fleetwright::gpu
