#pragma once

#include <map>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "sim/sharded_parameters.hpp"
#include "sim/task_writer.hpp"

namespace fleetwright {

/// Writes the passes of a rank's schedule: kernels on its compute lane, the collectives they wait
/// for on its collective lane, sends to the neighbouring stages on its pipeline lane.
class SlotWriter {
 public:
  SlotWriter(TaskWriter& writer, const BuiltStep& step);

  SlotKernels write(int rank, const ScheduleSlot& slot);
  /// Ties the first task of each pass to the send from the stage before it. Call it once, after
  /// every slot was written.
  void connect_stages();

  /// Kernel tasks of the last pass that completed the weight gradients of a stage on a rank, in
  /// order.
  [[nodiscard]] const std::vector<TaskId>& last_gradients(int rank, int stage) const;
  /// The last reduction of a rank's gradients that the passes wrote themselves (ZeRO-3).
  [[nodiscard]] std::optional<TaskId> last_reduction(int rank) const {
    return sharded_.last_reduction(rank);
  }
  /// Kernel tasks of the first forward pass of a stage on a rank, in order.
  [[nodiscard]] const std::vector<TaskId>& first_forward(int rank, int stage) const;

 private:
  /// An item with its work recorded once, shared by all micro-batches.
  struct PreparedItem {
    PassItem item;
    std::uint32_t work = 0;
    Transfer transfer;
    std::string label;
  };
  using PreparedPass = std::vector<PreparedItem>;

  /// One pass on its way: where it is in its items and what the next one waits for.
  struct Progress {
    const PreparedPass* items = nullptr;
    StagePass pass;
    std::size_t next = 0;
    std::vector<TaskId> waits_for;  // at most the last task of the pass so far
    std::vector<TaskId> kernels;
    TaskId first = 0;  // meaningful once waits_for is not empty

    [[nodiscard]] bool done() const { return next == items->size(); }
  };

  const PreparedPass& prepared(int rank, int stage, Pass pass, bool paired);
  void hide_keys(int rank, PreparedPass& pass) const;
  void hide_exchanges(int rank, PreparedPass& pass) const;
  void keep_pace_with_host(int rank, PreparedPass& pass) const;
  void wait_for_messages(int rank, int stage, Pass pass, PreparedPass& items);
  static void wait_for_fullest_rank(double imbalance, PreparedPass& pass);
  Progress begin(int rank, const StagePass& pass, bool paired);
  void write_nothing(int rank, Progress& progress);
  void write_item(int rank, Activity activity, Progress& progress);
  void write_collectives(int rank, Activity activity, Progress& progress);
  void write_turn(int rank, Activity activity, Progress& progress);
  /// A pass alone whose parameters come and go unit by unit.
  void write_sharded(int rank, Progress& progress);
  void finish(int rank, Progress& progress);
  /// Activations that a GPU of a rank hands to the next stage.
  [[nodiscard]] Bytes boundary(int rank) const;

  TaskWriter& writer_;
  const BuiltStep& step_;
  ShardedParameters sharded_;
  std::map<std::tuple<int, int, int, bool>, PreparedPass> prepared_;
  struct Ends {
    TaskId first = 0;
    TaskId last = 0;
  };
  /// By (direction: 0 forward, 1 backward; stage; micro-batch).
  std::map<std::tuple<int, int, int>, Ends> ends_;
  /// What a stage hands to the next one.
  struct Send {
    TaskId carries = 0;
    int from = 0;
    int to = 0;
    int backward = 0;
    int stage = 0;  // that receives
    int micro_batch = 0;
    TaskId opens = 0;  // the first task of the receiving pass
  };
  std::vector<Send> sends_;
  std::map<std::pair<int, int>, std::vector<TaskId>> last_gradients_;
  std::map<std::pair<int, int>, std::vector<TaskId>> first_forward_;
};

}  // namespace fleetwright
