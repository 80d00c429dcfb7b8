#include "planner/search/quick_step.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

#include "models/memory.hpp"
#include "models/stage_operators.hpp"
#include "planner/feasibility.hpp"
#include "sim/collectives/transfer_planner.hpp"
#include "sim/host_pace.hpp"
#include "sim/pass_items.hpp"
#include "sim/program_builder.hpp"
#include "sim/update_writer.hpp"

namespace fleetwright {
namespace {

// What the closed form supposes of how times add up. They only decide which strategies get a
// longest path, and were set by comparing with longest paths of strategies drawn at random; no
// prediction holds them.
constexpr double rounding_of_stages = 0.25;  // of a layer: the head may stand out by so much
constexpr double uncovered_exchange = 0.1;   // of an exchange that paired passes hide
constexpr double hidden_by_passes = 0.8;     // of a pass that gradients are reduced beside
constexpr double least_exposed = 0.1;        // of that reduction
constexpr double weights_in_bubble = 1.2;    // weight gradients that fill a zero-bubble pipeline
constexpr double v_min_loss = 1.6, v_half_loss = 1.1;  // where passes are not equally long

// Zero-bubble schedules take the input's and the weights' gradient apart.
bool splits_gradients(const ParallelStrategy& s) {
  return s.schedule.starts_with("zb") || s.schedule.starts_with("v-");
}

// The last layers: one with each window that the model has.
std::vector<int> layers_of_each_kind(const ModelConfig& model) {
  const int period = std::clamp(model.sliding_window_period, 1, model.layers);
  std::vector<int> layers(static_cast<std::size_t>(period));
  std::iota(layers.begin(), layers.end(), model.layers - period);
  return layers;
}

QuickStepModel::PartCost shared_by(QuickStepModel::PartCost all, std::size_t layers) {
  const auto share = static_cast<double>(layers);
  for (double* of_all : {&all.forward.compute, &all.forward.communication, &all.backward.compute,
                         &all.backward.communication, &all.weight_gradient, &all.kept,
                         &all.operands, &all.dense, &all.experts}) {
    *of_all /= share;
  }
  return all;
}

}  // namespace

QuickStepModel::QuickStepModel(const StepSetup& setup, const Fabric& fabric)
    : setup_(setup), fabric_(fabric), times_(make_time_model(setup)) {}

StepSetup QuickStepModel::with(const ParallelStrategy& strategy) const {
  StepSetup setup = setup_;
  setup.job.strategy = strategy;
  setup.job.strategy.stage_layers.clear();
  return setup;
}

QuickStepModel::PartCost QuickStepModel::cost_of(const StepSetup& setup,
                                                 const StageContent& content) const {
  const TransferPlanner transfers(setup, fabric_, 1);
  const double reserved =
      setup.stack.reserves_communication_sms.value ? setup.stack.communication_sms.value : 0;
  PartCost cost;
  for (const Pass pass : {Pass::forward, Pass::backward}) {
    PassCost& sum = pass == Pass::forward ? cost.forward : cost.backward;
    double host = 0;
    for (const PassItem& item : pass_items(stage_operators(setup.job, content, pass), *times_,
                                           {reserved}, setup.stack, false)) {
      if (item.is_collective) {
        const bool experts = item.call.group == CommunicationGroup::expert;
        const Seconds alone = transfers.uncontended(transfers.collective(item.call, 0));
        const Seconds lasts = alone * (experts ? setup.job.expert_imbalance : 1);
        sum.communication += lasts.si();
        host += collective_host_time(setup, item.call.group, lasts).si();
      } else {
        sum.compute += item.time.si();
        host += item.host.si();
        if (item.weight_gradient) cost.weight_gradient += item.time.si();
      }
    }
    sum.compute = std::max(sum.compute, host);
  }
  const StageParameters held = stage_parameters(setup.job, content);
  cost.dense = held.dense;
  cost.experts = held.experts;
  const StageActivations activations = stage_activations(setup.job, content);
  cost.kept = activations.for_backward.si();
  cost.operands = activations.for_weight_gradient.si();
  return cost;
}

const QuickStepModel::Costs& QuickStepModel::costs(const ParallelStrategy& s) {
  const CostKey key{s.tp,
                    s.cp,
                    s.ep,
                    s.etp,
                    s.sequence_parallel,
                    s.micro_batch,
                    static_cast<int>(s.recompute),
                    s.zero_stage >= 3};
  if (last_costs_.second != nullptr && last_costs_.first == key) return *last_costs_.second;
  auto [at, is_new] = costs_.try_emplace(key);
  last_costs_ = {key, &at->second};
  if (!is_new) return at->second;
  const StepSetup setup = with(s);
  const ModelConfig& model = setup.job.model;
  Costs& c = at->second;
  const std::vector<int> kinds = layers_of_each_kind(model);
  c.expert_layer = shared_by(cost_of(setup, {false, kinds, false}), kinds.size());
  const bool some_dense = model.moe && model.moe->first_dense_layers > 0;
  c.dense_layer = some_dense ? cost_of(setup, {false, {0}, false}) : c.expert_layer;
  c.head = cost_of(setup, {false, {}, true});
  c.embedding = cost_of(setup, {true, {}, false});
  // What a single pass needs besides: a whole layer, and the logits with their gradient.
  c.buffers = logit_bytes(setup.job).si();
  return c;
}

const QuickStepModel::Exchange& QuickStepModel::exchange(const ParallelStrategy& s) {
  const ExchangeKey key{s.tp, s.cp, s.pp, s.dp, s.ep, s.etp};
  if (last_exchange_.second != nullptr && last_exchange_.first == key) {
    return *last_exchange_.second;
  }
  auto [at, is_new] = exchanges_.try_emplace(key);
  last_exchange_ = {key, &at->second};
  if (!is_new) return at->second;
  const StepSetup setup = with(s);
  const TransferPlanner transfers(setup, fabric_, 1);
  // A bucket as large as the full estimate's, so that latency counts as much.
  const double probe_bytes = bucket_parameters(setup) * 2;
  const auto per_byte = [&](CommunicationGroup group) {
    const CollectiveCall call{CollectiveKind::reduce_scatter, group, Bytes{probe_bytes}};
    return transfers.uncontended(transfers.collective(call, 0)).si() / probe_bytes;
  };
  at->second.dense = per_byte(CommunicationGroup::data);
  if (setup.job.model.moe) at->second.experts = per_byte(CommunicationGroup::expert_data);
  return at->second;
}

double QuickStepModel::weight_in_layers(const Costs& c) const {
  const ModelConfig& model = setup_.job.model;
  const auto both = [](const PartCost& p) { return p.forward.compute + p.backward.compute; };
  const double layers = model.layers + model.mtp_layers;
  const double layer_time = both(c.expert_layer);
  const int dense_layers = model.moe ? model.moe->first_dense_layers : 0;
  const double lighter = dense_layers * std::max(0.0, 1 - both(c.dense_layer) / layer_time);
  return layers - lighter + both(c.head) * (1 + model.mtp_layers) / layer_time;
}

double QuickStepModel::layers_on_rank(const ParallelStrategy& s, const Costs& c) const {
  const double weight = weight_in_layers(c);
  if (s.pp == 1) return weight;
  // Whole layers a stage, dealt so that the fullest stage is as light as it can be.
  const int stages = model_stages(s);
  return std::max(1.0, std::ceil(weight / stages - rounding_of_stages)) * stages / s.pp;
}

QuickStepModel::LayerPass QuickStepModel::layer_pass(const ParallelStrategy& s,
                                                     const Costs& c) const {
  const PartCost& layer = c.expert_layer;
  const double computed = layer.forward.compute + layer.backward.compute;
  const double weights = layer.weight_gradient;
  const double sent = layer.forward.communication;
  // Weight gradients run beside tensor-parallel collectives.
  const double returned = std::max(
      0.0, layer.backward.communication - (s.tp > 1 && s.ep == 1 ? layer.weight_gradient : 0));
  const double pass = computed + sent + returned;
  if (s.schedule.starts_with("dualpipe")) {
    const double sms = setup_.cluster.accelerator.sm_count.value;
    const bool reserved = setup_.stack.reserves_communication_sms.value;
    const double taken = reserved ? 0 : setup_.stack.communication_sms.value;
    const double computing = computed * sms / (sms - taken);
    const double paired =
        std::max(computing, sent + returned) + uncovered_exchange * (sent + returned);
    // Half a pipeline's ranks, less one: here in terms of all ranks, less one.
    const double ranks = s.pp > 1 ? (s.pp / 2.0 - 1) / (s.pp - 1) : 0;
    return {paired, ranks * (paired + layer.backward.compute - 2 * weights)};
  }
  if (splits_gradients(s)) {
    const bool least = s.schedule == "v-min", half = s.schedule == "v-half";
    return {pass * (least  ? v_min_loss
                    : half ? v_half_loss
                           : 1),
            std::max(0.0, pass - weights_in_bubble * weights)};
  }
  return {pass, has_chunks(s) ? pass / s.vpp : pass};
}

double QuickStepModel::seen_of_exchange(double exchange, double passes) const {
  if (!setup_.stack.overlap_gradient_reduction.value) return exchange;
  return std::max(least_exposed * exchange, exchange - hidden_by_passes * passes);
}

QuickStep QuickStepModel::estimate(const ParallelStrategy& s) {
  const Costs& c = costs(s);
  const Exchange& x = exchange(s);
  const PrecisionRecipe& precision = setup_.job.precision;
  const double on_rank = layers_on_rank(s, c);
  const double forward = on_rank * c.expert_layer.forward.compute;
  const double backward = on_rank * c.expert_layer.backward.compute;
  const LayerPass pass = layer_pass(s, c);
  const double m = s.micro_batches();
  // A rank inside the pipeline waits for messages in both passes of every chunk.
  const double waits =
      2 * model_stages(s) / s.pp * message_wait(setup_.stack, s.pp > 2 ? 1 : 0, s.pp).si();
  const double steady = m * (on_rank * pass.steady + waits);
  const double bubble = (s.pp - 1) * (on_rank * pass.bubble + waits);
  double in_flight = std::min<double>(m, s.pp);
  double kept = c.expert_layer.kept;
  if (s.schedule.starts_with("dualpipe")) {
    in_flight = s.pp + 1;
  } else if (splits_gradients(s)) {
    const bool least = s.schedule == "v-min", half = s.schedule == "v-half";
    in_flight = std::min(m, least ? s.pp / 3.0 + 2 : half ? s.pp / 2.0 + 1 : s.pp);
    kept = std::max(kept, c.expert_layer.operands);
  } else if (has_chunks(s)) {
    in_flight *= 1 + (s.pp - 1.0) / (s.pp * s.vpp);
  }

  // Update: gradients down, parameters up, moments through memory.
  const bool doubled = s.schedule == "dualpipe";
  const double dense_held = on_rank * c.expert_layer.dense + c.embedding.dense / s.pp;
  const double dense = dense_held + (s.pp == 1 ? c.head.dense : 0);
  const double experts = on_rank * c.expert_layer.experts;
  const double shards = s.zero_stage >= 1 ? static_cast<double>(s.dp) * s.cp : 1;
  const double expert_shards = s.zero_stage >= 1 ? std::max(1, s.expert_dp()) : 1;
  const double reduce = (dense * x.dense + experts * x.experts) *
                        (precision.gradient_reduce_bytes + precision.parameter_gather_bytes);
  double exchange_time = 0;
  if (s.zero_stage >= 3) {
    exchange_time = std::max(0.0, 1.5 * m * reduce - hidden_by_passes * steady);
  } else {
    exchange_time = seen_of_exchange(reduce, forward + backward);
  }
  const double update_bytes = precision.master_bytes * 2 + precision.moment_bytes * 2 +
                              precision.gradient_bytes + precision.weight_bytes;
  const double update = (dense / shards + experts / expert_shards) * update_bytes /
                        setup_.cluster.accelerator.memory_bandwidth.value.si();

  const double copies = doubled ? 2 : 1;
  const auto sharded = [&](int stage) {
    const bool shares = s.zero_stage >= stage;
    return copies * (dense / (shares ? s.dp * s.cp * copies : 1) +
                     experts / (shares ? std::max(1, s.expert_dp()) * copies : 1));
  };
  QuickStep quick;
  quick.time = Seconds{steady + bubble + exchange_time + update};
  quick.memory = Bytes{sharded(3) * precision.weight_bytes + sharded(2) * precision.gradient_bytes +
                       sharded(1) * (precision.master_bytes + precision.moment_bytes) +
                       in_flight * on_rank * kept + (s.pp == 1 ? c.buffers : 0)};
  return quick;
}

}  // namespace fleetwright
