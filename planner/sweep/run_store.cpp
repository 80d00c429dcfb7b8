#include "planner/sweep/run_store.hpp"

#include <fmt/format.h>

#include <cstring>
#include <type_traits>
#include <utility>

#include "models/core/error.hpp"
#include "planner/sweep/digest.hpp"
#include "planner/sweep/store_schema.hpp"

namespace fleetwright {
namespace {

/// Values one after the other, as they lie in memory: for this program alone, whose digest is in
/// every key.
class ByteWriter {
 public:
  template <typename T>
  void add(const T& value) {
    static_assert(std::is_trivially_copyable_v<T>);
    bytes_.append(reinterpret_cast<const char*>(&value), sizeof value);
  }
  template <typename T>
  void add_all(const std::vector<T>& values) {
    add(values.size());
    for (const T& value : values) add(value);
  }
  std::string take() { return std::move(bytes_); }

 private:
  std::string bytes_;
};

class ByteReader {
 public:
  explicit ByteReader(std::string_view bytes) : bytes_(bytes) {}

  template <typename T>
  T next() {
    static_assert(std::is_trivially_copyable_v<T>);
    if (bytes_.size() < sizeof(T)) throw Error("the store has a run that is cut short");
    T value;
    std::memcpy(&value, bytes_.data(), sizeof value);
    bytes_.remove_prefix(sizeof value);
    return value;
  }
  template <typename T>
  std::vector<T> all() {
    const auto size = next<std::size_t>();
    if (size > bytes_.size()) throw Error("the store has a run that is cut short");
    std::vector<T> values;
    values.reserve(size);
    for (std::size_t i = 0; i < size; ++i) values.push_back(next<T>());
    return values;
  }

 private:
  std::string_view bytes_;
};

std::string bytes_of(const ColumnRun& run) {
  ByteWriter out;
  out.add_all(run.timeline);
  out.add_all(run.steps);
  out.add(run.columns.size());
  for (const ColumnTime& column : run.columns) {
    out.add(column.passes_end);
    out.add(column.end);
    out.add_all(column.kernels);
  }
  out.add(run.links.size());
  for (const LinkTraffic& link : run.links) {
    out.add(link.link);
    out.add(link.bytes);
    out.add(link.busy);
  }
  return out.take();
}

ColumnRun run_of(std::string_view bytes) {
  ByteReader in(bytes);
  ColumnRun run;
  run.timeline = in.all<Interval>();
  run.steps = in.all<Seconds>();
  run.columns.resize(in.next<std::size_t>());
  for (ColumnTime& column : run.columns) {
    column.passes_end = in.next<Seconds>();
    column.end = in.next<Seconds>();
    column.kernels = in.all<Seconds>();
  }
  run.links.resize(in.next<std::size_t>());
  for (LinkTraffic& link : run.links) {
    link.link = in.next<LinkId>();
    link.bytes = in.next<Bytes>();
    link.busy = in.next<Seconds>();
  }
  return run;
}

}  // namespace

RunStore::RunStore(const std::filesystem::path& file, Use use, std::string program_digest,
                   const std::string& program_version)
    : use_(use),
      program_digest_(std::move(program_digest)),
      database_(use == Use::take_and_keep ? open_store(file) : open_store_to_read(file)) {
  if (use == Use::take_and_keep) {
    program_ = program_id(database_, program_digest_, program_version);
  }
}

std::string RunStore::key_of(const ColumnStep& step, const RunPlan& plan,
                             std::string_view engine) const {
  ByteWriter out;
  const StepProgram& program = step.program();
  out.add(plan.steps);
  out.add(plan.recorded);
  for (const FabricLink& link : step.links()) out.add(link.capacity);
  for (const Lane& lane : program.lanes()) {
    out.add(lane.rank);
    out.add(lane.kind);
  }
  for (const Task& task : program.tasks()) {
    out.add(task.lane);
    out.add(task.delay);
    out.add(task.activity);
    out.add(task.flow_count);
    for (const Flow& flow : program.flows_of(task)) {
      out.add(flow.bytes);
      out.add(flow.peers);
      out.add(flow.use_count);
      for (const LinkUse& use : program.uses_of(flow)) {
        out.add(use.link);
        out.add(use.weight);
      }
    }
  }
  const StepProgram::Successors later = program.successors();
  out.add_all(later.first);
  out.add_all(later.task);
  return sha256(fmt::format("{}\nrun by {}\n", program_digest_, engine) + out.take());
}

std::optional<ColumnRun> RunStore::find(const std::string& key) {
  const std::lock_guard lock(one_at_a_time_);
  SqlStatement known = database_.prepare("SELECT run FROM engine_run WHERE key = ?");
  if (!known.bind(1, key).step()) return std::nullopt;
  ++found_;
  return run_of(known.bytes(0));
}

void RunStore::keep(const std::string& key, const ColumnRun& run) {
  if (use_ == Use::take) return;
  const std::lock_guard lock(one_at_a_time_);
  database_
      .prepare("INSERT INTO engine_run (key, program, run) VALUES (?, ?, ?) ON CONFLICT DO NOTHING")
      .bind(1, key)
      .bind(2, program_)
      .bind_bytes(3, bytes_of(run))
      .run();
}

ColumnRun StoredEstimator::run(ColumnStep& step, const RunPlan& plan) const {
  // Of several columns what differs is drawn while it runs.
  if (step.columns() != 1) return engine_.run(step, plan);
  const std::string key = store_.key_of(step, plan, engine_.name());
  if (auto known = store_.find(key)) return *std::move(known);
  ColumnRun run = engine_.run(step, plan);
  store_.keep(key, run);
  return run;
}

}  // namespace fleetwright
