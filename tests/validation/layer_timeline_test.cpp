// One MoE layer of DeepSeek-V3, a forward and a backward pass interleaved, phase by phase against
// DeepSeek's trace (github.com/deepseek-ai/profile-data: 4 layers, EP64, balanced routing, no
// pipeline sends). profiles/data/published/layer_timeline.csv is not an input of the time model;
// single kernels of the same trace are.

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "models/core/csv_table.hpp"
#include "models/core/data_files.hpp"
#include "planner/scenario.hpp"
#include "sim/collectives/transfer_planner.hpp"
#include "sim/program_builder.hpp"
#include "sim/topologies/topology.hpp"

namespace fleetwright {
namespace {

using Phases = std::map<std::string, double>;  // milliseconds

StepSetup balanced_deepseek_v3() {
  StepSetup setup = read_scenario("scenarios/deepseek-v3.toml").setup;
  setup.job.expert_imbalance = 1;
  return setup;
}

Phases measured(std::string_view column) {
  const CsvTable csv =
      CsvTable::read(data_file("profiles/data/published/h800-sxm/layer_timeline.csv"));
  Phases phases;
  for (std::size_t row = 0; row < csv.rows(); ++row) {
    phases[csv.text(row, "phase")] = csv.required_number(row, column) * 1e-3;
  }
  return phases;
}

/// The trace's phases end at collectives: gating belongs to the attention, and what stands before
/// the gradient of combine to the attention of the layer above, which came before it.
std::string phase_of(const PassItem& item, bool forward, int collectives_before) {
  const std::string direction = forward ? "(F)" : "(B)";
  if (item.is_collective) {
    // In the backward pass dispatch carries the gradient of combine, and the other way round.
    return (item.call.kind == CollectiveKind::dispatch) == forward ? "dispatch" + direction
                                                                   : "combine" + direction;
  }
  if (item.weight_gradient) return item.block == LayerBlock::mlp ? "mlp(W)" : "attn(W)";
  return (collectives_before == 1 ? "mlp" : "attn") + direction;
}

Phases predicted() {
  const StepSetup setup = balanced_deepseek_v3();
  const auto times = make_kernel_time_model(setup);
  const Fabric fabric = build_fabric(setup.cluster);
  const TransferPlanner transfers(setup, fabric, 2);
  const StageContent layer{false, {30}, false};
  Phases phases;
  for (const Pass pass : {Pass::forward, Pass::backward}) {
    int collectives = 0;
    for (const PassItem& item :
         pass_items(stage_operators(setup.job, layer, pass), *times,
                    {setup.stack.communication_sms.value}, setup.stack, true)) {
      Seconds time = item.time;
      if (item.is_collective) {
        const Transfer transfer = transfers.collective(item.call, 0);
        Seconds flows;
        for (const FlowSpec& flow : transfer.flows) {
          flows = std::max(flows, flow.bytes / fabric.bandwidth(flow.uses));
        }
        time = transfer.delay + flows;
      }
      phases[phase_of(item, pass == Pass::forward, collectives)] += time.si() * 1e3;
      collectives += item.is_collective ? 1 : 0;
    }
  }
  return phases;
}

std::string table_of(const Phases& ours, const Phases& trace) {
  std::string text = "\nphase         predicted  trace   difference\n";
  for (const auto& [phase, ms] : ours) {
    text += fmt::format("{:<12} {:8.2f} ms {:6.2f} ms {:+6.1f} %\n", phase, ms, trace.at(phase),
                        100 * (ms / trace.at(phase) - 1));
  }
  return text;
}

TEST(LayerTimeline, EachPhaseOfComputationIsWithinAQuarter) {
  const Phases ours = predicted();
  const Phases trace = measured("compute_us");
  for (const char* phase : {"attn(F)", "mlp(F)", "mlp(B)", "mlp(W)", "attn(B)", "attn(W)"}) {
    EXPECT_NEAR(ours.at(phase) / trace.at(phase), 1, 0.25) << phase << table_of(ours, trace);
  }
}

// The trace transposes operands of weight gradients in the phase before, the model with the
// products.
TEST(LayerTimeline, BothGradientsOfABlockTogetherAreWithinFivePercent) {
  const Phases ours = predicted();
  const Phases trace = measured("compute_us");
  for (const std::string block : {"attn", "mlp"}) {
    const auto both = [&](const Phases& p) { return p.at(block + "(B)") + p.at(block + "(W)"); };
    EXPECT_NEAR(both(ours) / both(trace), 1, 0.05) << block << table_of(ours, trace);
  }
}

// Communication kernels of the trace wait for other ranks, and share their memory with computation:
// two to three times what the transfer alone takes. Both are hidden under the computation beside
// them.
TEST(LayerTimeline, TransfersAreShorterThanKernelsThatWait) {
  const Phases ours = predicted();
  const Phases trace = measured("compute_us");
  for (const char* phase : {"dispatch(F)", "combine(F)", "dispatch(B)", "combine(B)"}) {
    EXPECT_LT(ours.at(phase), trace.at(phase)) << phase << table_of(ours, trace);
    EXPECT_GT(ours.at(phase), 0.3 * trace.at(phase)) << phase << table_of(ours, trace);
  }
  EXPECT_LT(ours.at("combine(B)"), ours.at("attn(F)"));
  EXPECT_LT(ours.at("dispatch(F)"), ours.at("mlp(B)"));
  EXPECT_LT(ours.at("dispatch(B)"), ours.at("mlp(W)"));
  EXPECT_LT(ours.at("combine(F)"), ours.at("attn(B)"));
}

// 129.0 ms for a pair through four layers in the trace, 32.25 ms each.
TEST(LayerTimeline, PairsInTheStepTakeWhatTheTraceShows) {
  const StepSetup setup = balanced_deepseek_v3();
  const Fabric fabric = build_fabric(setup.cluster);
  const BuiltStep step = build_step(setup, fabric, *make_kernel_time_model(setup));
  const Timeline timeline = AnalyticEstimator().run(step.program, fabric);
  constexpr std::size_t rank = 4;  // both of its stages have four MoE layers
  ASSERT_EQ(step.stages[4].layers.size(), 4U);
  ASSERT_EQ(step.stages[11].layers.size(), 4U);
  std::vector<double> layers;
  for (std::size_t slot = 0; slot < step.slot_kernels[rank].size(); ++slot) {
    if (!step.plan.slots[rank][slot].paired) continue;
    const SlotKernels& kernels = step.slot_kernels[rank][slot];
    layers.push_back((timeline[kernels.last].end - timeline[kernels.first].start).si() * 1e3 / 4);
  }
  ASSERT_GT(layers.size(), 90U);
  std::ranges::nth_element(layers, layers.begin() + 45);
  EXPECT_NEAR(layers[45] / measured("span_us").at("layer"), 1, 0.05);
}

}  // namespace
}  // namespace fleetwright
