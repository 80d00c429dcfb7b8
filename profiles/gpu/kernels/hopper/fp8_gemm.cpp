#include "profiles/gpu/kernels/hopper/fp8_gemm.hpp"

#include <fmt/core.h>

#include "models/core/error.hpp"
#include "profiles/gpu/kernels/hopper/fp8_launch.hpp"

namespace fleetwright::gpu::hopper {

Fp8Gemm::Fp8Gemm(const Fp8Problem& problem, const Fp8Plan& plan, const Fp8Operands& operands,
                 const std::int32_t* sizes)
    : problem_(problem), plan_(plan), operands_(operands), sizes_(sizes), maps_{} {
  require_hopper();
  check_fp8_problem(problem);
  check_fp8_plan(plan, problem.pass);
  if (sizes == nullptr && problem.grouping != Grouping::whole) {
    throw Error("fp8 product: groups have sizes");
  }
  const Fp8Boxes boxes = fp8_boxes(
      problem, plan, {operands.a, operands.b, operands.a_scales, operands.b_scales, operands.d});
  maps_.a = encode_tensor_map(boxes.a);
  maps_.b = encode_tensor_map(boxes.b);
  maps_.a_scales = encode_tensor_map(boxes.a_scales);
  if (problem.pass == GemmPass::weight_gradient) {
    maps_.b_scales = encode_tensor_map(boxes.b_scales);
  }
  maps_.d = encode_tensor_map(boxes.d);
}

void Fp8Gemm::run(Stream stream) const {
  Fp8Launch l;
  l.tile_m = plan_.tile_m;
  l.tile_n = plan_.tile_n;
  l.cluster = plan_.cluster;
  l.blocks = plan_.blocks;
  l.maps = maps_;
  l.arguments.schedule = fp8_schedule(problem_, plan_, sizes_);
  l.arguments.stages = plan_.stages;
  const bool forward = problem_.pass == GemmPass::forward;
  l.arguments.b_scales = operands_.b_scales;
  l.arguments.d = forward ? static_cast<__nv_bfloat16*>(operands_.d) : nullptr;
  if (!(forward ? launch_fp8_forward(l, stream) : launch_fp8_weight_gradient(l, stream))) {
    throw Error(fmt::format("fp8 product: no kernel for tiles of {}x{}", l.tile_m, l.tile_n));
  }
}

}  // namespace fleetwright::gpu::hopper
