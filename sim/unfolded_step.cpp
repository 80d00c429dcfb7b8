#include "sim/unfolded_step.hpp"

#include <algorithm>
#include <numeric>

#include "models/core/error.hpp"
#include "sim/slow_links.hpp"

namespace fleetwright {
namespace {

ExpertPlaces places_of(const StepSetup& setup, const ColumnLayout& layout) {
  const ParallelStrategy& s = setup.job.strategy;
  return {setup.job.model.moe->experts, s.ep, s.etp, layout.width,
          std::min(layout.width, setup.cluster.gpus_per_node)};
}

}  // namespace

std::vector<ColumnPart> choose_parts(const Unfolding& unfolding, const ColumnLayout& layout,
                                     const Fabric& fabric) {
  std::vector<ColumnPart> parts;
  if (unfolding.all_columns || unfolding.variation.is_random()) {
    for (int column = 0; column < layout.count; ++column) parts.push_back({column, {column}});
    return parts;
  }
  std::vector<int> alike;
  const std::vector<int> slow = slow_columns(unfolding.variation, layout, fabric);
  for (int column = 0; column < layout.count; ++column) {
    if (std::ranges::binary_search(slow, column)) {
      parts.push_back({column, {column}});
    } else {
      alike.push_back(column);
    }
  }
  if (!alike.empty()) parts.insert(parts.begin(), {alike.front(), alike});
  return parts;
}

UnfoldedStep::UnfoldedStep(const StepSetup& setup, const BuiltStep& step, const Fabric& fabric,
                           const Unfolding& unfolding)
    : setup_(setup),
      step_(step),
      layout_(lay_out_columns(setup.job.strategy)),
      parts_(choose_parts(unfolding, layout_, fabric)),
      fabric_(slow_fabric(fabric, unfolding.variation.slow_links, layout_, unfolding.granularity)),
      traffic_(setup.job.strategy, fabric_, step.plan.copies_of_each_stage),
      speeds_(unfolding.variation, layout_, parts_, step.plan.ranks(), setup.cluster.gpus_per_node),
      seed_(unfolding.variation.seed) {
  const ColumnFlows flows(traffic_, fabric_, layout_, parts_, unfolding.granularity);
  for (const TransferShape& shape : step.shapes) {
    for (const ColumnPart& part : parts_) flows_.push_back(flows.of(shape, part));
  }
  if (setup.job.model.moe) {
    experts_.emplace(unfolding.variation.experts, seed_, places_of(setup, layout_));
  }
  for (const Task& task : step.program.tasks()) {
    layers_ = std::max(layers_, task.layer + 1);
    micro_batches_ = std::max(micro_batches_, task.micro_batch + 1);
  }
  draw(0);
}

bool UnfoldedStep::joins(TaskId task) const {
  const std::int32_t shape = step_.shape_of_task[task];
  return shape >= 0 && parts_.size() > 1 &&
         joins_replicas(step_.shapes[static_cast<std::size_t>(shape)]);
}

// Layers that stay the same are drawn once; the others for each micro-batch of each part.
void UnfoldedStep::draw(int step) {
  step_drawn_ = step;
  if (!experts_ || experts_->are_even()) return;
  if (!experts_->change()) {
    if (!loads_.empty()) return;
    for (int layer = 0; layer < layers_; ++layer) loads_.push_back(experts_->load(layer, 0));
    return;
  }
  loads_.clear();
  for (const ColumnPart& of : parts_) {
    const auto part = static_cast<std::uint64_t>(of.column);
    for (int layer = 0; layer < layers_; ++layer) {
      for (int batch = 0; batch < micro_batches_; ++batch) {
        const std::uint64_t draw = ((static_cast<std::uint64_t>(step) << 16U | part) << 16U |
                                    static_cast<std::uint64_t>(layer))
                                       << 16U |
                                   static_cast<std::uint64_t>(batch);
        loads_.push_back(experts_->load(layer, draw));
      }
    }
  }
}

const ExpertLoad* UnfoldedStep::load_of(const Task& task, int column) const {
  if (loads_.empty() || task.layer < 0) return nullptr;
  const auto layer = static_cast<std::size_t>(task.layer);
  if (!experts_->change()) return &loads_[layer];
  const auto of_column = static_cast<std::size_t>(column) * static_cast<std::size_t>(layers_);
  return &loads_[(of_column + layer) * static_cast<std::size_t>(micro_batches_) +
                 static_cast<std::size_t>(task.micro_batch)];
}

// Results come back when the rank with the most tokens has computed them: the program has the job's
// own imbalance in its delays.
Seconds UnfoldedStep::delay(TaskId task, int column) const {
  const Task& t = step_.program.tasks()[task];
  const Lane& lane = step_.program.lanes()[t.lane];
  if (lane.kind == LaneKind::compute) {
    const std::uint64_t draw = (static_cast<std::uint64_t>(step_drawn_) << 48U) ^
                               (static_cast<std::uint64_t>(column_of(column)) << 32U) ^ task;
    return t.delay * speeds_.factor(static_cast<std::size_t>(column), lane.rank, draw);
  }
  const std::int32_t shape = step_.shape_of_task[task];
  if (shape < 0) return t.delay;
  const Seconds expert_time = step_.shapes[static_cast<std::size_t>(shape)].expert_time;
  const ExpertLoad* load = expert_time > Seconds{0} ? load_of(t, column) : nullptr;
  if (load == nullptr) return t.delay;
  return std::max(Seconds{0},
                  t.delay + expert_time * (load->fullest_gpu - setup_.job.expert_imbalance));
}

void UnfoldedStep::flows_of(TaskId task, int column, std::vector<FlowOnLinks>& flows) const {
  flows.clear();
  const std::int32_t index = step_.shape_of_task[task];
  if (index < 0) return;
  const auto shape = static_cast<std::size_t>(index);
  const bool exchanges = step_.shapes[shape].pattern == TransferPattern::exchange;
  const ExpertLoad* load = exchanges ? load_of(step_.program.tasks()[task], column) : nullptr;
  for (const ColumnFlow& f : flows_[shape * parts_.size() + static_cast<std::size_t>(column)]) {
    const double factor = load == nullptr ? 1.0 : load->of(f.follows, f.node);
    flows.push_back({f.flow.bytes * factor, f.flow.uses, f.flow.peers});
  }
}

void UnfoldedStep::for_each_flow(const VisitFlow& visit) const {
  std::vector<bool> seen(step_.shapes.size() * step_.program.lanes().size(), false);
  for (TaskId task = 0; task < step_.program.tasks().size(); ++task) {
    const std::int32_t shape = step_.shape_of_task[task];
    if (shape < 0) continue;
    const std::uint32_t lane = step_.program.tasks()[task].lane;
    const std::size_t key = static_cast<std::size_t>(shape) * step_.program.lanes().size() + lane;
    if (seen[key]) continue;
    seen[key] = true;
    for (int column = 0; column < columns(); ++column) {
      for (const ColumnFlow& f : flows_[static_cast<std::size_t>(shape) * parts_.size() +
                                        static_cast<std::size_t>(column)]) {
        visit(column, lane, {f.flow.bytes, f.flow.uses, f.flow.peers});
      }
    }
  }
}

}  // namespace fleetwright
