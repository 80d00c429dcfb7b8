#include "profiles/gpu/run/v3_operators.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "models/core/data_files.hpp"
#include "models/memory.hpp"
#include "models/stage_operators.hpp"
#include "profiles/operator_columns.hpp"

namespace fleetwright::gpu {

TrainingJob v3_job() {
  TrainingJob job;
  job.model = read_model_config(data_file("models/zoo/deepseek-v3.json"));
  job.strategy.pp = 16;
  job.strategy.ep = 64;
  job.strategy.dp = 128;
  job.strategy.zero_stage = 1;
  job.strategy.recompute = Recompute::selective;
  job.strategy.global_batch = 15360;
  job.sequence_length = 4096;
  PrecisionRecipe& p = job.precision;
  p.name = "fp8-block";
  p.gemm = Precision::fp8_block;
  p.gemm_input_bytes = 1;
  p.attention_output_bytes = 1.5;
  p.mlp_input_bytes = 1;
  p.moment_bytes = 4;
  p.dispatch_bytes = 1.0 + 4.0 / 128.0;
  return job;
}

std::vector<Operator> kernels_of(const TrainingJob& job) {
  std::vector<Operator> kernels;
  std::set<std::vector<std::string>> seen;
  const auto add = [&](const Operator& op) {
    if (std::holds_alternative<CollectiveCall>(op)) return;
    if (seen.insert(operator_cells(op)).second) kernels.push_back(op);
  };
  const ParallelStrategy& s = job.strategy;
  const PrecisionRecipe& p = job.precision;
  for (const StageContent& stage : stage_contents(job, s.pp * s.vpp)) {
    for (const Pass pass : {Pass::forward, Pass::input_gradient, Pass::weight_gradient}) {
      const OpGraph graph = stage_operators(job, stage, pass);
      for (const OpNode& node : graph.nodes()) add(node.op);
    }
    const StageParameters held = stage_parameters(job, stage);
    const bool shards = s.zero_stage > 0;
    add(OptimizerUpdate{shards ? held.dense / (s.dp * s.cp) + held.experts / s.expert_dp()
                               : held.dense + held.experts,
                        p.gradient_bytes + 2 * (p.moment_bytes + p.master_bytes) + p.weight_bytes});
  }
  return kernels;
}

std::vector<Operator> v3_operators() { return kernels_of(v3_job()); }

}  // namespace fleetwright::gpu
