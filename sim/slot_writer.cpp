#include "sim/slot_writer.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <tuple>

#include "models/core/error.hpp"
#include "sim/host_pace.hpp"

namespace fleetwright {
namespace {

Activity activity_of(Pass pass) {
  switch (pass) {
    case Pass::forward:
      return Activity::forward;
    case Pass::backward:
    case Pass::input_gradient:
      return Activity::backward;
    case Pass::weight_gradient:
      return Activity::weight_gradient;
  }
  fail_invariant("Pass", "unknown value");
}

std::string_view block_name(LayerBlock block) {
  constexpr std::string_view names[] = {"embedding", "attention", "mlp", "head"};
  return names[static_cast<std::size_t>(block)];
}

bool moves_keys(const PassItem& item) {
  return item.is_collective && item.call.group == CommunicationGroup::context;
}

bool is_exchange(const PassItem& item) {
  return item.is_collective && item.call.group == CommunicationGroup::expert;
}

std::string_view direction(Pass pass, bool weight_gradient) {
  if (weight_gradient) return "W";
  return pass == Pass::forward ? "F" : "B";
}

}  // namespace

SlotWriter::SlotWriter(TaskWriter& writer, const BuiltStep& step)
    : writer_(writer), step_(step), sharded_(writer, step) {}

Bytes SlotWriter::boundary(int rank) const {
  const StepSetup& setup = writer_.setup(rank);
  const TrainingJob& job = setup.job;
  double tokens =
      static_cast<double>(job.strategy.micro_batch) * job.sequence_length / job.strategy.cp;
  // With sequence parallelism each rank has its part alone.
  if (job.strategy.sequence_parallel || setup.stack.scatters_sends.value) tokens /= job.strategy.tp;
  return Bytes{tokens * job.model.hidden * 2};
}

const SlotWriter::PreparedPass& SlotWriter::prepared(int rank, int stage, Pass pass, bool paired) {
  const auto [at, is_new] = prepared_.try_emplace({rank, stage, static_cast<int>(pass), paired});
  if (!is_new) return at->second;
  const RankMachine& machine = writer_.machines().of(rank);
  const StepSetup& setup = *machine.setup;
  KernelContext context;
  // Communication kernels hold their SMs while another pass computes beside them.
  const bool has_experts = setup.job.model.moe && setup.job.strategy.ep > 1;
  if (has_experts && (paired || setup.stack.reserves_communication_sms.value))
    context.sms_taken = setup.stack.communication_sms.value;
  const OpGraph graph =
      stage_operators(setup.job, step_.stages[static_cast<std::size_t>(stage)], pass);
  for (PassItem& item :
       pass_items(graph, *machine.times, context, setup.stack, paired, sharded_.active(rank))) {
    PreparedItem& ready = at->second.emplace_back();
    ready.item = std::move(item);
    if (!ready.item.is_collective) continue;
    ready.transfer = writer_.machines().collective(ready.item.call, rank);
    if (ready.item.call.group == CommunicationGroup::tensor) {
      ready.transfer.scale(1.0 - setup.stack.tensor_overlap.value);
    }
  }
  hide_keys(rank, at->second);
  if (!paired) hide_exchanges(rank, at->second);
  keep_pace_with_host(rank, at->second);
  wait_for_fullest_rank(setup.job.expert_imbalance, at->second);
  for (PreparedItem& ready : at->second) {
    if (ready.item.is_collective) continue;
    ready.work = writer_.add_work(ready.item.shares);
    ready.label = fmt::format("{} {}", block_name(ready.item.block),
                              direction(pass, ready.item.weight_gradient));
  }
  if (pass != Pass::weight_gradient) wait_for_messages(rank, stage, pass, at->second);
  return at->second;
}

// Keys and values that go from rank to rank while attention to others is computed.
void SlotWriter::hide_keys(int rank, PreparedPass& pass) const {
  const double overlap = writer_.machines().of(rank).setup->stack.context_overlap.value;
  Seconds attention, exchange;
  for (const PreparedItem& ready : pass) {
    for (const WorkShare& share : ready.item.shares) {
      if (share.kernel.starts_with("attention_")) attention += share.time;
    }
    if (moves_keys(ready.item)) exchange += writer_.machines().uncontended(ready.transfer, rank);
  }
  if (exchange == Seconds{0}) return;
  const double hidden = overlap * std::min(1.0, attention / exchange);
  for (PreparedItem& ready : pass) {
    if (moves_keys(ready.item)) ready.transfer.scale(1.0 - hidden);
  }
}

// Exchanges that the stack runs beside another pass, of about the same kernels, hide behind those
// as far as they last.
void SlotWriter::hide_exchanges(int rank, PreparedPass& pass) const {
  Seconds kernels, exchanges;
  for (const PreparedItem& ready : pass) {
    if (!ready.item.is_collective) kernels += ready.item.time;
    if (is_exchange(ready.item)) exchanges += writer_.machines().uncontended(ready.transfer, rank);
  }
  if (exchanges == Seconds{0}) return;
  const double overlap = writer_.machines().of(rank).setup->stack.expert_overlap.value;
  const double hidden = overlap * std::min(1.0, kernels / exchanges);
  for (PreparedItem& ready : pass) {
    if (is_exchange(ready.item)) ready.transfer.scale(1.0 - hidden);
  }
}

// The host runs ahead of the GPU as long as kernels and collectives take longer than launching
// them; where they do not, its pace is that of the pass.
void SlotWriter::keep_pace_with_host(int rank, PreparedPass& pass) const {
  Seconds kernels, host;
  for (const PreparedItem& ready : pass) {
    kernels += ready.item.time;
    host += ready.item.host;
    if (!ready.item.is_collective) continue;
    host += collective_host_time(*writer_.machines().of(rank).setup, ready.item.call.group,
                                 writer_.machines().uncontended(ready.transfer, rank));
  }
  if (kernels <= Seconds{0} || host <= kernels) return;
  const double slower = host / kernels;
  for (PreparedItem& ready : pass) {
    ready.item.time *= slower;
    ready.item.expert_time *= slower;
    for (WorkShare& share : ready.item.shares) share.time *= slower;
  }
}

// Results come back when the rank with the most tokens has computed them.
void SlotWriter::wait_for_fullest_rank(double imbalance, PreparedPass& pass) {
  Seconds expert_time;
  for (PreparedItem& ready : pass) {
    if (ready.item.expert_time > Seconds{0}) expert_time = ready.item.expert_time;
    if (!ready.item.is_collective || ready.item.call.kind != CollectiveKind::combine) continue;
    ready.transfer.shape.expert_time = expert_time;
    ready.transfer.delay += expert_time * (imbalance - 1.0);
  }
}

void SlotWriter::wait_for_messages(int rank, int stage, Pass pass, PreparedPass& items) {
  const Seconds wait = message_wait(writer_.setup(rank).stack, stage, step_.plan.stages);
  if (wait == Seconds{0} || items.empty()) return;
  const PassItem& before = items.back().item;
  PreparedItem waiting;
  waiting.item.layer = before.layer;
  waiting.item.block = before.block;
  waiting.item.time = wait;
  waiting.work = writer_.add_work({});
  waiting.label = fmt::format("messages {}", direction(pass, false));
  items.push_back(std::move(waiting));
}

SlotWriter::Progress SlotWriter::begin(int rank, const StagePass& pass, bool paired) {
  Progress progress;
  progress.items = &prepared(rank, pass.stage, pass.pass, paired);
  progress.pass = pass;
  const bool only_weights = std::ranges::all_of(
      *progress.items, [](const PreparedItem& ready) { return ready.item.weight_gradient; });
  const bool hands_over = only_weights && pass.pass != Pass::weight_gradient;
  if (hands_over || progress.items->empty()) write_nothing(rank, progress);
  return progress;
}

// A stage without layers computes nothing, and the embedding alone no input gradient. What they
// receive still passes through them, and what follows waits for it.
void SlotWriter::write_nothing(int rank, Progress& progress) {
  const StagePass& pass = progress.pass;
  const bool weights = pass.pass == Pass::weight_gradient;
  const TaskId task = writer_.kernels(
      {rank, activity_of(pass.pass), -1, pass.micro_batch, pass.stage},
      fmt::format("nothing {}", direction(pass.pass, weights)), {}, writer_.add_work({}), {});
  progress.kernels.push_back(task);
  if (weights) return;
  progress.first = task;
  progress.waits_for = {task};
}

void SlotWriter::write_item(int rank, Activity activity, Progress& progress) {
  const PreparedItem& ready = (*progress.items)[progress.next++];
  const PassItem& item = ready.item;
  const TaskPlace place{rank, activity, item.layer, progress.pass.micro_batch, progress.pass.stage};
  // Weight gradients need kernels of this lane alone, and nothing later in the pass needs them.
  const std::vector<TaskId> none;
  const std::vector<TaskId>& waits_for = item.weight_gradient ? none : progress.waits_for;
  TaskId task = 0;
  if (item.is_collective) {
    task = writer_.transfer(place, LaneKind::collective, ready.transfer, waits_for);
  } else {
    task = writer_.kernels(place, ready.label, item.time, ready.work, waits_for);
    progress.kernels.push_back(task);
  }
  if (item.weight_gradient) return;
  if (progress.waits_for.empty()) progress.first = task;
  progress.waits_for = {task};
}

void SlotWriter::write_collectives(int rank, Activity activity, Progress& progress) {
  while (!progress.done() && (*progress.items)[progress.next].item.is_collective) {
    write_item(rank, activity, progress);
  }
}

// Kernels, then the collectives they issue, then the weight gradients that run beside those.
void SlotWriter::write_turn(int rank, Activity activity, Progress& progress) {
  if (!progress.done()) write_item(rank, activity, progress);
  write_collectives(rank, activity, progress);
  while (!progress.done() && (*progress.items)[progress.next].item.weight_gradient) {
    write_item(rank, activity, progress);
  }
}

void SlotWriter::write_sharded(int rank, Progress& progress) {
  const StagePass& pass = progress.pass;
  const PreparedPass& items = *progress.items;
  const auto unit_at = [&](std::size_t i) { return unit_of(items[i].item); };
  const auto end_of = [&](std::size_t from) {
    std::size_t i = from;
    while (i < items.size() && unit_at(i) == unit_at(from)) ++i;
    return i;
  };
  std::vector<TaskId> gathered, next;
  if (!progress.done()) next = sharded_.gather(rank, pass, unit_at(0));
  while (!progress.done()) {
    const std::size_t from = progress.next, end = end_of(from);
    gathered = std::move(next);
    next.clear();
    // A prefetch goes before the reduction of this unit, with which it shares a lane.
    if (end < items.size() && sharded_.prefetches(rank)) {
      next = sharded_.gather(rank, pass, unit_at(end));
    }
    const std::size_t kernels_before = progress.kernels.size();
    while (progress.next < end) write_item(rank, activity_of(pass.pass), progress);
    if (progress.kernels.size() > kernels_before) {
      for (const TaskId gather : gathered) {
        writer_.program().add_dependency(progress.kernels[kernels_before], gather);
      }
      sharded_.computed(rank, pass, unit_at(from), progress.kernels.back());
    }
    if (end < items.size() && !sharded_.prefetches(rank)) {
      next = sharded_.gather(rank, pass, unit_at(end));
    }
  }
}

void SlotWriter::finish(int rank, Progress& progress) {
  const StagePass& pass = progress.pass;
  const std::pair key{rank, pass.stage};
  if (pass.pass == Pass::forward && !first_forward_.contains(key)) {
    first_forward_[key] = progress.kernels;
  }
  if (pass.pass == Pass::backward || pass.pass == Pass::weight_gradient) {
    last_gradients_[key] = progress.kernels;
  }
  if (progress.waits_for.empty()) return;  // weight gradients alone
  const int backward = pass.pass == Pass::forward ? 0 : 1;
  ends_[{backward, pass.stage, pass.micro_batch}] = {progress.first, progress.waits_for.front()};
}

SlotKernels SlotWriter::write(int rank, const ScheduleSlot& slot) {
  const bool paired = slot.paired.has_value();
  Progress first = begin(rank, slot.first, paired);
  if (!paired && sharded_.active(rank)) {
    write_sharded(rank, first);
    finish(rank, first);
    return {first.kernels.front(), first.kernels.back()};
  }
  if (!paired) {
    while (!first.done()) write_item(rank, activity_of(slot.first.pass), first);
    finish(rank, first);
    return {first.kernels.front(), first.kernels.back()};
  }
  // The two passes take turns on the compute lane (DeepSeek-V3, arXiv 2412.19437, figure 4).
  Progress second = begin(rank, *slot.paired, paired);
  write_turn(rank, Activity::overlapped, second);
  while (!first.done() || !second.done()) {
    write_turn(rank, Activity::overlapped, first);
    write_turn(rank, Activity::overlapped, second);
  }
  finish(rank, first);
  finish(rank, second);
  return {std::min(first.kernels.front(), second.kernels.front()),
          std::max(first.kernels.back(), second.kernels.back())};
}

void SlotWriter::connect_stages() {
  for (const auto& [key, ends] : ends_) {
    const auto [backward, stage, micro_batch] = key;
    const int from_stage = backward == 0 ? stage - 1 : stage + 1;
    if (from_stage < 0 || from_stage >= step_.plan.stages) continue;
    const auto before = ends_.find({backward, from_stage, micro_batch});
    if (before == ends_.end()) continue;
    const int from = step_.plan.rank_of(from_stage, micro_batch);
    const int to = step_.plan.rank_of(stage, micro_batch);
    sends_.push_back({before->second.last, from, to, backward, stage, micro_batch, ends.first});
  }
  // Sends leave a rank in the order in which what they carry was computed.
  std::ranges::stable_sort(sends_, {}, [](const Send& s) { return std::pair(s.from, s.carries); });
  for (const Send& send : sends_) {
    TaskId arrived = send.carries;
    if (send.from != send.to) {
      const TaskPlace place{send.from, send.backward == 0 ? Activity::forward : Activity::backward,
                            -1, send.micro_batch, send.stage};
      arrived = writer_.transfer(place, LaneKind::pipeline,
                                 writer_.machines().send(boundary(send.from), send.from, send.to),
                                 std::array{send.carries});
    }
    writer_.program().add_dependency(send.opens, arrived);
  }
}

const std::vector<TaskId>& SlotWriter::last_gradients(int rank, int stage) const {
  return last_gradients_.at({rank, stage});
}

const std::vector<TaskId>& SlotWriter::first_forward(int rank, int stage) const {
  return first_forward_.at({rank, stage});
}

}  // namespace fleetwright
