#include "planner/search/plan_store.hpp"

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

// Two islands of one scenario may differ in any of these.
std::string text_of(const Cluster& c) {
  return fmt::format("{} {} {} of {} / {} / {}, {} {} {} {} {} {} {} {} {} {} {} {} {} {} {} {}",
                     c.accelerator.id, c.scale_up.id, c.nic.id, c.gpus, c.gpus_per_node,
                     c.nics_per_node, c.topology, c.switch_ports, c.oversubscription,
                     c.core_oversubscription, c.layers, c.rails, c.planes, to_string(c.routing),
                     c.queue_pairs, c.seed, c.data_centres.count, c.data_centres.bandwidth.si(),
                     c.data_centres.latency.si(), c.collective, c.in_network_reduction,
                     c.nic.achievable_bandwidth.value.si());
}

std::string text_of(const ParallelStrategy& s) {
  return fmt::format("{} {} {} {} {} {} {} {} {} {} {} {} {} [{}]", s.tp, s.pp, s.vpp, s.ep, s.etp,
                     s.cp, s.dp, s.zero_stage, s.sequence_parallel, static_cast<int>(s.recompute),
                     s.schedule, s.micro_batch, s.global_batch, fmt::join(s.stage_layers, " "));
}

}  // namespace

PlanStore::PlanStore(const std::filesystem::path& file, PlanStoreIdentity identity)
    : identity_(std::move(identity)), database_(file, SqlDatabase::Mode::read_write_create) {
  database_.execute(
      "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON");
  migrate_store(database_);
  database_.prepare("INSERT INTO program (digest, version) VALUES (?, ?) ON CONFLICT DO NOTHING")
      .bind(1, identity_.program_digest)
      .bind(2, identity_.program_version)
      .run();
  SqlStatement id = database_.prepare("SELECT id FROM program WHERE digest = ?");
  ensure(id.bind(1, identity_.program_digest).step(), "a program that was inserted is there");
  program_ = id.integer(0);
}

// All else of a setup follows from the scenario.
std::string PlanStore::key_of(const StepSetup& setup) const {
  return sha256(fmt::format("{}\n{}\ncandidate {} | {} | {} {} {}\n", identity_.program_digest,
                            identity_.scenario, text_of(setup.job.strategy), text_of(setup.cluster),
                            setup.pipeline_layout, setup.stack.id, setup.job.precision.name));
}

std::optional<CandidateMemory::Timed> PlanStore::find(const StepSetup& setup) {
  const std::string key = key_of(setup);
  const std::lock_guard lock(one_at_a_time_);
  SqlStatement known =
      database_.prepare("SELECT time_s, memory_bytes FROM candidate WHERE key = ?");
  if (!known.bind(1, key).step()) return std::nullopt;
  ++candidates_found_;
  return Timed{Seconds{known.real(0)}, Bytes{known.real(1)}};
}

void PlanStore::keep(const std::vector<Candidate>& timed) {
  if (timed.empty()) return;
  const std::lock_guard lock(one_at_a_time_);
  SqlTransaction transaction(database_);
  for (const Candidate& c : timed) {
    database_
        .prepare(
            "INSERT INTO candidate (key, program, time_s, memory_bytes) VALUES (?, ?, ?, ?) "
            "ON CONFLICT DO NOTHING")
        .bind(1, key_of(c.setup))
        .bind(2, program_)
        .bind_real(3, c.time.si())
        .bind_real(4, c.memory.si())
        .run();
  }
  transaction.commit();
}

std::string PlanStore::key_of(const ColumnStep& step, const RunPlan& plan,
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
  return sha256(fmt::format("{}\nrun by {}\n", identity_.program_digest, engine) + out.take());
}

std::optional<ColumnRun> PlanStore::find_run(const std::string& key) {
  const std::lock_guard lock(one_at_a_time_);
  SqlStatement known = database_.prepare("SELECT run FROM engine_run WHERE key = ?");
  if (!known.bind(1, key).step()) return std::nullopt;
  ++runs_found_;
  return run_of(known.bytes(0));
}

void PlanStore::keep_run(const std::string& key, const ColumnRun& run) {
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
  if (auto known = store_.find_run(key)) return *std::move(known);
  ColumnRun run = engine_.run(step, plan);
  store_.keep_run(key, run);
  return run;
}

}  // namespace fleetwright
