#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "models/core/quantity.hpp"
#include "models/schedules/pipeline_schedule.hpp"
#include "sim/fabric.hpp"

namespace fleetwright {

/// A lane runs its tasks one after the other, in the order they were added. Each represented GPU
/// has one for its kernels, one for the collectives that its kernels wait for (tp, ep), one for
/// pipeline sends and one for gradient and parameter collectives.
enum class LaneKind : std::uint8_t { compute, collective, pipeline, data_parallel };

struct Lane {
  int rank = 0;  // pipeline rank
  LaneKind kind = LaneKind::compute;
};

/// To which part of a step the time of a task counts.
enum class Activity : std::uint8_t {
  forward,
  backward,
  weight_gradient,
  overlapped,  // a forward and a backward pass interleaved
  gradient_sync,
  optimizer,
};

[[nodiscard]] std::string_view to_string(Activity activity);
[[nodiscard]] std::string_view to_string(LaneKind kind);

using TaskId = std::uint32_t;

/// A stretch of kernels of known duration, or a transfer: a delay followed by flows that share
/// links.
struct Task {
  std::uint32_t lane = 0;
  Seconds delay;  // compute: the whole duration; transfer: latency before the flows start
  std::uint32_t first_flow = 0;
  std::uint32_t flow_count = 0;  // 0: no flows; the task ends when the last of them ends
  std::uint32_t first_dependency = 0;
  std::uint32_t dependency_count = 0;
  Activity activity = Activity::forward;
  std::uint16_t label = 0;  // index into StepProgram::labels
  std::int32_t layer = -1;
  std::int32_t micro_batch = -1;
  std::int32_t stage = -1;
};

/// Bytes over a set of links at once; a link of weight w carries w times the bytes. Flows of one
/// task must not share a link. Where flows share one, each gets as much as its peers say: those
/// that it stands for.
struct Flow {
  Bytes bytes;
  std::uint32_t first_use = 0;
  std::uint32_t use_count = 0;
  int from = 0;  // GPU, to say whose it is: the route is the uses
  int to = 0;
  double peers = 1;
};

struct TaskSpec {
  std::uint32_t lane = 0;
  Seconds delay;
  Activity activity = Activity::forward;
  std::string_view label;
  int layer = -1;
  int micro_batch = -1;
  int stage = -1;
};

struct FlowSpec {
  Bytes bytes;
  std::vector<LinkUse> uses;
  int from = 0;
  int to = 0;
  double peers = 1;
};

/// All that one optimizer step does on the represented GPUs, as a DAG of tasks on lanes. Both
/// estimators run this; neither knows more.
class StepProgram {
 public:
  std::uint32_t add_lane(Lane lane);
  /// Appends a task. Its dependencies are earlier tasks; the previous task of its lane is one
  /// implicitly. Delay and bytes must be finite and not negative, weights positive. A flow without
  /// links takes no time.
  TaskId add_task(const TaskSpec& spec, std::span<const TaskId> dependencies,
                  std::span<const FlowSpec> flows = {});
  /// Adds a dependency to a task that may be later than `task`. A cycle shows when the program
  /// runs.
  void add_dependency(TaskId task, TaskId on);

  [[nodiscard]] const std::vector<Lane>& lanes() const { return lanes_; }
  [[nodiscard]] const std::vector<Task>& tasks() const { return tasks_; }
  [[nodiscard]] const std::vector<std::string>& labels() const { return labels_; }
  [[nodiscard]] std::span<const Flow> flows_of(const Task& task) const;
  [[nodiscard]] std::span<const LinkUse> uses_of(const Flow& flow) const;
  /// Explicit dependencies and the previous task of the lane, in order, each once. Looks through
  /// all late dependencies: for the whole program use successors().
  [[nodiscard]] std::vector<TaskId> dependencies_of(TaskId task) const;
  /// For each task the tasks that wait for it, in compressed rows; and how many each waits for. A
  /// dependency that was given twice counts twice in both.
  struct Successors {
    std::vector<std::uint32_t> first;  // tasks + 1 entries
    std::vector<TaskId> task;
    std::vector<std::uint32_t> dependency_count;
  };
  [[nodiscard]] Successors successors() const;
  /// For messages: "expert dispatch (task 17, collective lane of rank 2, micro-batch 3)".
  [[nodiscard]] std::string describe(TaskId id) const;

 private:
  void add_flow(const FlowSpec& flow, TaskId task);
  template <typename Visit>
  void for_each_dependency(Visit visit) const;
  std::uint16_t label_index(std::string_view label);

  std::vector<Lane> lanes_;
  std::vector<TaskId> last_of_lane_;
  std::vector<TaskId> previous_in_lane_;
  std::vector<Task> tasks_;
  std::vector<Flow> flows_;
  std::vector<LinkUse> uses_;
  std::vector<TaskId> last_user_;  // of each link, to see that a task's flows share none
  std::vector<TaskId> dependencies_;
  std::vector<std::pair<TaskId, TaskId>> late_dependencies_;
  std::vector<std::string> labels_;
};

/// When a task ran.
struct Interval {
  Seconds start;
  Seconds end;
};

/// One interval a task, in the order of the program; time 0 is the start of the step.
using Timeline = std::vector<Interval>;

}  // namespace fleetwright
