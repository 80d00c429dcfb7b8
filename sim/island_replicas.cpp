// Replicas of a model on several islands, as one program.

#include <array>

#include "models/core/error.hpp"
#include "sim/island_platform.hpp"
#include "sim/update_writer.hpp"

namespace fleetwright {
namespace {

// A rank's own program beside those of other islands, with what ties them together.
class ReplicaJoiner {
 public:
  ReplicaJoiner(const IslandJob& job, const IslandPlatform& platform, ReplicaStep& step)
      : job_(job), platform_(platform), program_(step.joined.program), step_(step) {}

  void join() {
    for (std::size_t island = 0; island < job_.parts.size(); ++island) {
      first_rank_.push_back(ranks_);
      copy(static_cast<int>(island));
      ranks_ += step_.parts[island].plan.ranks();
    }
    std::vector<TaskId> exchanged;
    for (std::size_t island = 0; island < job_.parts.size(); ++island) {
      exchange(static_cast<int>(island), exchanged);
    }
    for (const TaskId update : updates_) {
      for (const TaskId task : exchanged) program_.add_dependency(update, task);
    }
  }

 private:
  void copy(int island) {
    BuiltStep& joined = step_.joined;
    const BuiltStep& part = step_.parts[static_cast<std::size_t>(island)];
    const StepProgram& from = part.program;
    const auto first_lane = static_cast<std::uint32_t>(program_.lanes().size());
    const auto first_task = static_cast<TaskId>(program_.tasks().size());
    const auto first_work = static_cast<std::uint32_t>(joined.works.size());
    for (const Lane& lane : from.lanes()) {
      program_.add_lane({first_rank_.back() + lane.rank, lane.kind});
    }
    std::vector<std::vector<TaskId>> reduced(static_cast<std::size_t>(part.plan.ranks()));
    for (TaskId id = 0; id < from.tasks().size(); ++id) {
      const Task& t = from.tasks()[id];
      std::vector<FlowSpec> flows;
      for (const Flow& flow : from.flows_of(t)) {
        const auto uses = from.uses_of(flow);
        flows.push_back({flow.bytes, {uses.begin(), uses.end()}, flow.from, flow.to, flow.peers});
      }
      program_.add_task({first_lane + t.lane, t.delay, t.activity, from.labels()[t.label], t.layer,
                         t.micro_batch, t.stage},
                        {}, flows);
      joined.work_of_task.push_back(first_work + part.work_of_task[id]);
      joined.shape_of_task.push_back(-1);
      const Lane& lane = from.lanes()[t.lane];
      if (t.activity == Activity::optimizer && lane.kind == LaneKind::compute) {
        updates_.push_back(first_task + id);
      } else if (t.activity != Activity::optimizer && lane.kind != LaneKind::pipeline) {
        reduced[static_cast<std::size_t>(lane.rank)].push_back(first_task + id);
      }
    }
    const StepProgram::Successors later = from.successors();
    for (TaskId id = 0; id < from.tasks().size(); ++id) {
      for (auto i = later.first[id]; i < later.first[id + 1]; ++i) {
        program_.add_dependency(first_task + later.task[i], first_task + id);
      }
    }
    joined.works.insert(joined.works.end(), part.works.begin(), part.works.end());
    // The last of each lane that gradients wait for: tasks of a lane are in order.
    for (auto& tasks : reduced) {
      std::map<std::uint32_t, TaskId> last;
      for (const TaskId task : tasks) last[program_.tasks()[task].lane] = task;
      tasks.clear();
      for (const auto& [lane, task] : last) tasks.push_back(task);
    }
    reduced_.push_back(std::move(reduced));
  }

  // A ring of n islands carries each shard 2 (n - 1) / n times over each of its links
  // (Thakur et al., IJHPCA 19(1), 2005). Ranks take turns on the link; each GPU's NIC carries its
  // own shard.
  void exchange(int island, std::vector<TaskId>& exchanged) {
    const auto at = static_cast<std::size_t>(island);
    const auto islands = static_cast<double>(job_.parts.size());
    const TrainingJob& job = job_.parts[at].setup.job;
    const int next = static_cast<int>((at + 1) % job_.parts.size());
    const IslandWay& way = way_to(island, next);
    const double share = 2 * (islands - 1) / islands;
    const std::uint32_t shared = program_.add_lane({first_rank_[at], LaneKind::pipeline});
    const BuiltStep& part = step_.parts[at];
    for (int rank = part.plan.ranks() - 1; rank >= 0; --rank) {  // the last rank is done first
      const Bytes shard{updated_parameters(job, part, rank) * job.precision.gradient_reduce_bytes *
                        share};
      const RankMachine machine = platform_.machine(island, rank);
      const auto& after = reduced_[at][static_cast<std::size_t>(rank)];
      std::vector<FlowSpec> own =
          moved(machine.transfers->outwards(shard, machine.gpu), machine.first_link);
      std::ranges::move(moved(machine.transfers->inwards(shard, machine.gpu), machine.first_link),
                        std::back_inserter(own));
      const std::uint32_t lane = program_.add_lane({first_rank_[at] + rank, LaneKind::pipeline});
      exchanged.push_back(add(lane, Seconds{}, after, own));
      exchanged.push_back(
          add(shared, way.latency * (2 * (islands - 1)), after,
              std::array{FlowSpec{shard * stage_gpus(job.strategy), {{way.link, 1}}, 0, 0, 1}}));
    }
  }

  TaskId add(std::uint32_t lane, Seconds delay, std::span<const TaskId> after,
             std::span<const FlowSpec> flows) {
    BuiltStep& joined = step_.joined;
    joined.works.push_back(
        {{"gradients between islands", "", Seconds{1}, {ProvenanceKind::assumed, "the scenario"}}});
    joined.work_of_task.push_back(static_cast<std::uint32_t>(joined.works.size() - 1));
    joined.shape_of_task.push_back(-1);
    return program_.add_task(
        {lane, delay, Activity::gradient_sync, "gradients between islands", -1, -1, -1}, after,
        flows);
  }

  [[nodiscard]] const IslandWay& way_to(int from, int to) const {
    for (const IslandWay& way : platform_.ways()) {
      if (way.from == from && way.to == to) return way;
    }
    fail_invariant("replicas on islands", "neighbours without a link");
  }

  const IslandJob& job_;
  const IslandPlatform& platform_;
  StepProgram& program_;
  ReplicaStep& step_;
  int ranks_ = 0;
  std::vector<int> first_rank_;                            // of each island
  std::vector<TaskId> updates_;                            // that wait for all gradients
  std::vector<std::vector<std::vector<TaskId>>> reduced_;  // of each island and rank
};

}  // namespace

ReplicaStep build_island_replicas(const IslandJob& job, const IslandPlatform& platform) {
  ReplicaStep step;
  for (std::size_t island = 0; island < job.parts.size(); ++island) {
    const StepSetup& setup = job.parts[island].setup;
    ensure(setup.job.strategy.zero_stage == 1 || setup.job.strategy.zero_stage == 2,
           "replicas on islands need a sharded optimizer");
    BuiltStep part;
    part.plan = pipeline_plan(setup.job.strategy);
    std::vector<RankMachine> ranks;
    for (int rank = 0; rank < part.plan.ranks(); ++rank) {
      ranks.push_back(platform.machine(static_cast<int>(island), rank));
    }
    part.stages = lay_out_stages(setup, *ranks.front().times, part.plan);
    write_program(part, StepMachines(std::move(ranks), platform.ways()));
    step.parts.push_back(std::move(part));
  }
  ReplicaJoiner(job, platform, step).join();
  return step;
}

}  // namespace fleetwright
