#include "models/schedules/pipeline_schedule.hpp"

#include <fmt/core.h>

#include <cstddef>

#include "models/core/error.hpp"
#include "models/schedules/builtin_schedules.hpp"

namespace fleetwright {

std::string_view to_string(Pass pass) {
  switch (pass) {
    case Pass::forward:
      return "forward";
    case Pass::backward:
      return "backward";
    case Pass::input_gradient:
      return "input gradient";
    case Pass::weight_gradient:
      return "weight gradient";
  }
  fail_invariant("pass", "a pass outside its enumeration");
}

namespace {

std::size_t table_index(const PipelinePlan& plan, int stage, int micro_batch) {
  ensure(stage >= 0 && stage < plan.stages, "a stage outside the plan");
  ensure(micro_batch >= 0 && micro_batch < plan.micro_batches, "a micro-batch outside the plan");
  return static_cast<std::size_t>(stage) * static_cast<std::size_t>(plan.micro_batches) +
         static_cast<std::size_t>(micro_batch);
}

}  // namespace

int PipelinePlan::rank_of(int stage, int micro_batch) const {
  const std::size_t index = table_index(*this, stage, micro_batch);
  ensure(index < rank_table.size(), "a plan whose rank table was not filled");
  return rank_table[index];
}

std::optional<std::string> refuses_empty_shape(const PipelineShape& shape) {
  if (shape.ranks >= 1 && shape.chunks >= 1 && shape.micro_batches >= 1) return std::nullopt;
  return fmt::format(
      "a pipeline needs at least 1 rank, 1 model chunk a rank and 1 micro-batch: {}, {} and {}",
      shape.ranks, shape.chunks, shape.micro_batches);
}

std::optional<std::string> refuses_other_chunks(std::string_view name, int chunks,
                                                const PipelineShape& shape) {
  if (shape.chunks == chunks) return std::nullopt;
  return fmt::format("{} runs {} model chunk{} a rank: {} {} {}{}", name, chunks,
                     chunks == 1 ? "" : "s", shape.chunks, shape.chunks > chunks ? ">" : "<",
                     chunks, chunks == 1 ? " (use interleaved)" : "");
}

PipelinePlan empty_plan(int ranks, int stages, int micro_batches) {
  PipelinePlan plan;
  plan.stages = stages;
  plan.micro_batches = micro_batches;
  plan.stages_of_rank.resize(static_cast<std::size_t>(ranks));
  plan.slots.resize(static_cast<std::size_t>(ranks));
  return plan;
}

void fill_rank_table(PipelinePlan& plan) {
  constexpr int unassigned = -1;
  plan.rank_table.assign(
      static_cast<std::size_t>(plan.stages) * static_cast<std::size_t>(plan.micro_batches),
      unassigned);
  for (int rank = 0; rank < plan.ranks(); ++rank) {
    for (const ScheduleSlot& slot : plan.slots[static_cast<std::size_t>(rank)]) {
      if (slot.first.pass != Pass::forward) continue;
      int& entry = plan.rank_table[table_index(plan, slot.first.stage, slot.first.micro_batch)];
      ensure(entry == unassigned, "a stage and micro-batch that goes forward twice");
      entry = rank;
    }
  }
  for (const int rank : plan.rank_table) {
    ensure(rank != unassigned, "a stage and micro-batch that never goes forward");
  }
}

}  // namespace fleetwright
