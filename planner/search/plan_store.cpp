#include "planner/search/plan_store.hpp"

#include <fmt/format.h>

#include <utility>

#include "planner/sweep/digest.hpp"
#include "planner/sweep/store_schema.hpp"

namespace fleetwright {
namespace {

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
    : identity_(std::move(identity)),
      database_(open_store(file)),
      program_(program_id(database_, identity_.program_digest, identity_.program_version)) {}

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
  ++found_;
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

}  // namespace fleetwright
