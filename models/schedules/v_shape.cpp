#include "models/schedules/v_shape.hpp"

#include <algorithm>
#include <deque>
#include <set>

#include "models/core/error.hpp"
#include "models/schedules/builtin_schedules.hpp"

namespace fleetwright {
namespace {

constexpr int period = 6;
constexpr int legs = 4;

bool is_forward(int leg) { return leg < 2; }
bool is_down(int leg) { return leg % 2 == 0; }  // from rank 0 to the last

/// What a rank does in one unit of time: a leg of a micro-batch, or the weight gradient that a
/// backward leg left.
struct Cell {
  int leg = -1;  // -1: idle
  int micro_batch = 0;
  bool weight = false;

  [[nodiscard]] bool idle() const { return leg < 0; }
  [[nodiscard]] bool forward() const { return !idle() && is_forward(leg); }
  [[nodiscard]] bool input_gradient() const { return !idle() && !weight && !is_forward(leg); }
};

/// One rank's time line.
struct Row {
  std::vector<Cell> cells;
  std::vector<int> alive;  // activations alive while each cell runs
  std::set<int> gaps;      // idle cells
  int last_forward = 0;
};

/// Repeats a building block and squeezes what comes of it (arXiv 2405.15362 sec. 3 and its appendix
/// on reordering).
class Squeezer {
 public:
  Squeezer(const BuildingBlock& block, int micro_batches)
      : micro_batches_(micro_batches),
        warm_end_(block.front().back()),
        steady_end_(block.front().front() + period * (micro_batches - 1)),
        rows_(block.size()),
        times_(block.size()) {
    for (std::size_t rank = 0; rank < block.size(); ++rank) repeat(rank, block[rank]);
  }

  std::vector<Row> run() && {
    for (Row& row : rows_) {
      fill_weight_gradients(row, 0);
      count_alive(row);
      bound_ = std::max(bound_, *std::ranges::max_element(row.alive));
    }
    // In between the block repeats as it is: that order holds for passes of unequal length too.
    sweep([&](const Row&, int time) { return time < warm_end_ || time > steady_end_; });
    // When a rank has no forward left, memory binds no more: gradients first, weights in the gaps.
    for (Row& row : rows_) lift_last_weight_gradients(row);
    sweep([](const Row& row, int time) {
      return time > row.last_forward && cell(row, time).input_gradient();
    });
    for (Row& row : rows_) fill_weight_gradients(row, row.last_forward + 1);
    return std::move(rows_);
  }

 private:
  static const Cell& cell(const Row& row, int time) {
    return row.cells[static_cast<std::size_t>(time)];
  }
  static Cell& cell(Row& row, int time) { return row.cells[static_cast<std::size_t>(time)]; }
  [[nodiscard]] std::size_t index(const Cell& pass) const {
    return static_cast<std::size_t>(pass.leg * micro_batches_ + pass.micro_batch);
  }
  int& time_of(std::size_t rank, int leg, int micro_batch) {
    return times_[rank][index({leg, micro_batch})];
  }

  void repeat(std::size_t rank, const std::array<int, legs>& offsets) {
    Row& row = rows_[rank];
    const int end = *std::ranges::max_element(offsets) + period * (micro_batches_ - 1) + 1;
    row.cells.resize(static_cast<std::size_t>(end));
    times_[rank].resize(static_cast<std::size_t>(legs * micro_batches_));
    for (int leg = 0; leg < legs; ++leg) {
      for (int m = 0; m < micro_batches_; ++m) {
        const int time = offsets[static_cast<std::size_t>(leg)] + period * m;
        ensure(cell(row, time).idle(), "a building block that collides with its repetition");
        cell(row, time) = {leg, m, false};
        time_of(rank, leg, m) = time;
      }
    }
  }

  // Weight gradients that are still to come go into the gaps from `from` on, first in first out.
  void fill_weight_gradients(Row& row, int from) const {
    std::deque<Cell> pending;
    std::vector<bool> done(static_cast<std::size_t>(legs * micro_batches_));
    row.gaps.clear();
    const auto end = [&] { return static_cast<int>(row.cells.size()); };
    for (int time = 0; time < from; ++time) {
      if (cell(row, time).weight) done[index(cell(row, time))] = true;
    }
    for (int time = 0; time < end() || !pending.empty(); ++time) {
      if (time == end()) row.cells.emplace_back();
      Cell& now = cell(row, time);
      if (now.input_gradient() && !done[index(now)]) {
        pending.push_back({now.leg, now.micro_batch, true});
      }
      if (!now.idle()) continue;
      if (time >= from && !pending.empty()) {
        now = pending.front();
        pending.pop_front();
      } else {
        row.gaps.insert(row.gaps.end(), time);
      }
    }
  }

  static void count_alive(Row& row) {
    int now = 0;
    for (const Cell& c : row.cells) {
      if (c.forward()) ++now;
      row.alive.push_back(now);
      if (c.weight) --now;
    }
  }

  void lift_last_weight_gradients(Row& row) {
    const auto end = static_cast<int>(row.cells.size());
    for (int time = 0; time < end; ++time) {
      if (cell(row, time).forward()) row.last_forward = time;
    }
    for (int time = row.last_forward + 1; time < end; ++time) {
      if (!cell(row, time).weight) continue;
      cell(row, time) = {};
      row.gaps.insert(time);
    }
  }

  // In the order of time, each chosen pass moves to the first gap that it may take.
  template <typename Chosen>
  void sweep(Chosen chosen) {
    std::size_t end = 0;
    for (const Row& row : rows_) end = std::max(end, row.cells.size());
    for (int time = 0; time < static_cast<int>(end); ++time) {
      for (std::size_t rank = 0; rank < rows_.size(); ++rank) {
        Row& row = rows_[rank];
        if (static_cast<std::size_t>(time) >= row.cells.size()) continue;
        if (!cell(row, time).idle() && chosen(row, time)) advance(rank, time);
      }
    }
  }

  void advance(std::size_t rank, int time) {
    Row& row = rows_[rank];
    const Cell moved = cell(row, time);
    int earliest = ready(rank, moved);
    if (moved.forward()) {
      // Activations may not be kept from an earlier time on where the rank holds all it may.
      for (int t = time - 1; t >= earliest; --t) {
        if (row.alive[static_cast<std::size_t>(t)] >= bound_) earliest = t + 1;
      }
    }
    const auto gap = row.gaps.lower_bound(earliest);
    if (gap == row.gaps.end() || *gap >= time) return;
    const int to = *gap;
    row.gaps.erase(gap);
    row.gaps.insert(time);
    cell(row, to) = moved;
    cell(row, time) = {};
    if (!moved.weight) time_of(rank, moved.leg, moved.micro_batch) = to;
    const auto change = [&](int from, int until, int by) {
      for (int t = from; t < until; ++t) row.alive[static_cast<std::size_t>(t)] += by;
    };
    if (moved.forward()) change(to, time, 1);
    if (moved.weight) change(to + 1, time + 1, -1);
  }

  // When all that a pass needs is there. The micro-batches of a leg stay in order.
  int ready(std::size_t rank, const Cell& pass) {
    const auto after = [&](std::size_t at, int leg, int micro_batch) {
      return time_of(at, leg, micro_batch) + 1;
    };
    if (pass.weight) return after(rank, pass.leg, pass.micro_batch);
    int time = 0;
    if (pass.micro_batch > 0) time = after(rank, pass.leg, pass.micro_batch - 1);
    const std::size_t first = is_down(pass.leg) ? 0 : rows_.size() - 1;
    if (rank != first) {
      const std::size_t before = is_down(pass.leg) ? rank - 1 : rank + 1;
      return std::max(time, after(before, pass.leg, pass.micro_batch));
    }
    if (pass.leg == 0) return time;
    return std::max(time, after(rank, pass.leg - 1, pass.micro_batch));
  }

  int micro_batches_;
  int warm_end_;    // the first micro-batch is back on rank 0
  int steady_end_;  // the last one sets out
  std::vector<Row> rows_;
  std::vector<std::vector<int>> times_;  // [rank][leg x micro-batches + micro-batch]
  int bound_ = 0;                        // most activations alive on a rank
};

StagePass pass_of(const Cell& cell, int rank, int ranks) {
  const bool second_stage = cell.leg == 1 || cell.leg == 2;
  const Pass pass = cell.forward() ? Pass::forward
                    : cell.weight  ? Pass::weight_gradient
                                   : Pass::input_gradient;
  return {pass, second_stage ? 2 * ranks - 1 - rank : rank, cell.micro_batch};
}

}  // namespace

std::optional<std::string> VShape::refuses(const PipelineShape& shape) const {
  if (auto rule = refuses_empty_shape(shape)) return rule;
  return refuses_other_chunks(name(), 2, shape);
}

PipelinePlan VShape::plan(const PipelineShape& shape) const {
  ensure(!refuses(shape), "a plan of a shape that a V schedule refuses");
  PipelinePlan plan = empty_plan(shape.ranks, 2 * shape.ranks, shape.micro_batches);
  const std::vector<Row> rows = Squeezer(building_block(shape.ranks), shape.micro_batches).run();
  for (int rank = 0; rank < shape.ranks; ++rank) {
    const auto at = static_cast<std::size_t>(rank);
    plan.stages_of_rank[at] = {rank, 2 * shape.ranks - 1 - rank};
    for (const Cell& cell : rows[at].cells) {
      if (!cell.idle()) plan.slots[at].push_back({pass_of(cell, rank, shape.ranks), {}});
    }
  }
  fill_rank_table(plan);
  return plan;
}

}  // namespace fleetwright
