#include "profiles/gpu/libraries/cudnn_operations.hpp"

#include <utility>

#include "models/core/overloaded.hpp"

namespace fleetwright::gpu {
namespace {

cudnnDataType_t data_type(GraphType type) {
  switch (type) {
    case GraphType::bfloat16:
      return CUDNN_DATA_BFLOAT16;
    case GraphType::int32:
      return CUDNN_DATA_INT32;
    case GraphType::boolean:
      return CUDNN_DATA_BOOLEAN;
    case GraphType::e4m3:
      return CUDNN_DATA_FP8_E4M3;
    case GraphType::float32:
      break;
  }
  return CUDNN_DATA_FLOAT;
}

cudnnPointwiseMode_t mode(PointwiseOp op) {
  switch (op) {
    case PointwiseOp::multiply:
      return CUDNN_POINTWISE_MUL;
    case PointwiseOp::add:
      return CUDNN_POINTWISE_ADD;
    case PointwiseOp::subtract:
      return CUDNN_POINTWISE_SUB;
    case PointwiseOp::divide:
      return CUDNN_POINTWISE_DIV;
    case PointwiseOp::exponential:
      return CUDNN_POINTWISE_EXP;
    case PointwiseOp::logarithm:
      return CUDNN_POINTWISE_LOG;
    case PointwiseOp::index:
      return CUDNN_POINTWISE_GEN_INDEX;
    case PointwiseOp::greater_or_equal:
      return CUDNN_POINTWISE_CMP_GE;
    case PointwiseOp::select:
      return CUDNN_POINTWISE_BINARY_SELECT;
    case PointwiseOp::identity:
      break;
  }
  return CUDNN_POINTWISE_IDENTITY;
}

/// Writes one node after another.
class Lowering {
 public:
  explicit Lowering(const CudnnApi& api) : api_(&api) {}

  void tensor(TensorId id, const GraphTensor& t) {
    // Sixteen bytes are what vector loads need; memory comes from cudaMalloc and is aligned to 256.
    constexpr std::int64_t alignment = 16;
    CudnnDescriptor d(*api_, CUDNN_BACKEND_TENSOR_DESCRIPTOR);
    d.set(CUDNN_ATTR_TENSOR_DATA_TYPE, CUDNN_TYPE_DATA_TYPE, data_type(t.type))
        .set(CUDNN_ATTR_TENSOR_DIMENSIONS, CUDNN_TYPE_INT64, t.size)
        .set(CUDNN_ATTR_TENSOR_STRIDES, CUDNN_TYPE_INT64, t.stride)
        .set(CUDNN_ATTR_TENSOR_UNIQUE_ID, CUDNN_TYPE_INT64, unique_id(id))
        .set(CUDNN_ATTR_TENSOR_BYTE_ALIGNMENT, CUDNN_TYPE_INT64, alignment)
        .set(CUDNN_ATTR_TENSOR_IS_VIRTUAL, CUDNN_TYPE_BOOLEAN, !t.in_memory && !t.value)
        .set(CUDNN_ATTR_TENSOR_IS_BY_VALUE, CUDNN_TYPE_BOOLEAN, t.value.has_value())
        .finalize();
    tensors_.push_back(std::move(d));
  }

  void node(const MatmulNode& n) {
    CudnnDescriptor matmul(*api_, CUDNN_BACKEND_MATMUL_DESCRIPTOR);
    matmul.set(CUDNN_ATTR_MATMUL_COMP_TYPE, CUDNN_TYPE_DATA_TYPE, CUDNN_DATA_FLOAT).finalize();
    CudnnDescriptor op(*api_, CUDNN_BACKEND_OPERATION_MATMUL_DESCRIPTOR);
    op.set(CUDNN_ATTR_OPERATION_MATMUL_ADESC, tensors_[n.a])
        .set(CUDNN_ATTR_OPERATION_MATMUL_BDESC, tensors_[n.b])
        .set(CUDNN_ATTR_OPERATION_MATMUL_CDESC, tensors_[n.c])
        .set(CUDNN_ATTR_OPERATION_MATMUL_DESC, matmul);
    done(std::move(op), std::move(matmul));
  }

  void node(const PointwiseNode& n) {
    CudnnDescriptor pointwise(*api_, CUDNN_BACKEND_POINTWISE_DESCRIPTOR);
    pointwise.set(CUDNN_ATTR_POINTWISE_MODE, CUDNN_TYPE_POINTWISE_MODE, mode(n.op))
        .set(CUDNN_ATTR_POINTWISE_MATH_PREC, CUDNN_TYPE_DATA_TYPE, data_type(n.computed_in));
    if (n.op == PointwiseOp::index) {
      pointwise.set(CUDNN_ATTR_POINTWISE_AXIS, CUDNN_TYPE_INT64, n.axis);
    }
    pointwise.finalize();
    CudnnDescriptor op(*api_, CUDNN_BACKEND_OPERATION_POINTWISE_DESCRIPTOR);
    op.set(CUDNN_ATTR_OPERATION_POINTWISE_PW_DESCRIPTOR, pointwise)
        .set(CUDNN_ATTR_OPERATION_POINTWISE_XDESC, tensors_[n.x])
        .set(CUDNN_ATTR_OPERATION_POINTWISE_YDESC, tensors_[n.y]);
    if (n.b) op.set(CUDNN_ATTR_OPERATION_POINTWISE_BDESC, tensors_[*n.b]);
    if (n.choice) op.set(CUDNN_ATTR_OPERATION_POINTWISE_TDESC, tensors_[*n.choice]);
    done(std::move(op), std::move(pointwise));
  }

  void node(const ReductionNode& n) {
    CudnnDescriptor reduction(*api_, CUDNN_BACKEND_REDUCTION_DESCRIPTOR);
    reduction.set(CUDNN_ATTR_REDUCTION_COMP_TYPE, CUDNN_TYPE_DATA_TYPE, CUDNN_DATA_FLOAT)
        .set(CUDNN_ATTR_REDUCTION_OPERATOR, CUDNN_TYPE_REDUCTION_OPERATOR_TYPE,
             n.op == ReductionOp::sum ? CUDNN_REDUCE_TENSOR_ADD : CUDNN_REDUCE_TENSOR_MAX)
        .finalize();
    CudnnDescriptor op(*api_, CUDNN_BACKEND_OPERATION_REDUCTION_DESCRIPTOR);
    op.set(CUDNN_ATTR_OPERATION_REDUCTION_DESC, reduction)
        .set(CUDNN_ATTR_OPERATION_REDUCTION_XDESC, tensors_[n.x])
        .set(CUDNN_ATTR_OPERATION_REDUCTION_YDESC, tensors_[n.y]);
    done(std::move(op), std::move(reduction));
  }

  void node(const ViewNode& n) {
    CudnnDescriptor op(*api_, CUDNN_BACKEND_OPERATION_RESHAPE_DESCRIPTOR);
    op.set(CUDNN_ATTR_OPERATION_RESHAPE_XDESC, tensors_[n.x])
        .set(CUDNN_ATTR_OPERATION_RESHAPE_YDESC, tensors_[n.y]);
    done(std::move(op));
  }

  void node(const ExpertMatmulNode& n) {
    CudnnDescriptor op(*api_, CUDNN_BACKEND_OPERATION_MOE_GROUPED_MATMUL_DESCRIPTOR);
    op.set(CUDNN_ATTR_OPERATION_MOE_GROUPED_MATMUL_MODE, CUDNN_TYPE_MOE_GROUPED_MATMUL_MODE,
           CUDNN_MOE_GROUPED_MATMUL_MODE_NONE)
        .set(CUDNN_ATTR_OPERATION_MOE_GROUPED_MATMUL_MATH_PREC, CUDNN_TYPE_DATA_TYPE,
             CUDNN_DATA_FLOAT)
        .set(CUDNN_ATTR_OPERATION_MOE_GROUPED_MATMUL_TOKEN_DESC, tensors_[n.tokens])
        .set(CUDNN_ATTR_OPERATION_MOE_GROUPED_MATMUL_WEIGHT_DESC, tensors_[n.weights])
        .set(CUDNN_ATTR_OPERATION_MOE_GROUPED_MATMUL_FIRST_TOKEN_OFFSET_DESC, tensors_[n.first_row])
        .set(CUDNN_ATTR_OPERATION_MOE_GROUPED_MATMUL_OUTPUT_DESC, tensors_[n.result]);
    done(std::move(op));
  }

  CudnnOperations finish(const CudnnDevice& device) && {
    std::vector<cudnnBackendDescriptor_t> operations;
    for (const CudnnDescriptor& op : operations_) operations.push_back(op.get());
    CudnnDescriptor graph(*api_, CUDNN_BACKEND_OPERATIONGRAPH_DESCRIPTOR);
    graph.set(CUDNN_ATTR_OPERATIONGRAPH_OPS, CUDNN_TYPE_BACKEND_DESCRIPTOR, operations);
    if (device.handle() != nullptr) {
      graph.set(CUDNN_ATTR_OPERATIONGRAPH_HANDLE, CUDNN_TYPE_HANDLE, device.handle());
    }
    graph.finalize();
    for (auto* more : {&tensors_, &operations_}) {
      for (CudnnDescriptor& d : *more) kinds_.push_back(std::move(d));
    }
    return {std::move(kinds_), std::move(graph)};
  }

 private:
  void done(CudnnDescriptor op) {
    op.finalize();
    operations_.push_back(std::move(op));
  }
  void done(CudnnDescriptor op, CudnnDescriptor kind) {
    done(std::move(op));
    kinds_.push_back(std::move(kind));
  }

  const CudnnApi* api_;
  std::vector<CudnnDescriptor> tensors_, operations_, kinds_;
};

}  // namespace

CudnnOperations cudnn_operations(const CudnnDevice& device, const Graph& graph) {
  Lowering lowering(device.api());
  for (TensorId id = 0; id < graph.tensors.size(); ++id) lowering.tensor(id, graph.tensors[id]);
  for (const GraphNode& node : graph.nodes) {
    std::visit([&](const auto& n) { lowering.node(n); }, node);
  }
  return std::move(lowering).finish(device);
}

}  // namespace fleetwright::gpu
