#include "planner/sweep/sweep_run.hpp"

#include <utility>

#include "models/core/error.hpp"
#include "planner/sweep/case_pool.hpp"
#include "planner/sweep/digest.hpp"

namespace fleetwright {
namespace {

// How soon a sweep sees that it is to stop.
constexpr std::chrono::milliseconds between_looks{100};

SweepStore begun(const SweepRequest& request, const SweepSpec& spec, CaseKeys& keys) {
  SweepRecord record;
  record.name = spec.name;
  record.digest = sha256(keys.of({}).key + "\n" + request.engine + "\n" + spec.text);
  record.spec = spec.text;
  record.cases = spec.cases();
  record.program_digest = keys.provenance();
  record.program_version = request.version;
  SweepStore store(request.store);
  store.begin(record);
  return store;
}

}  // namespace

Sweep::Sweep(const SweepRequest& request)
    : spec(read_sweep_spec(request.spec)),
      command{request.program,
              spec.base,
              request.engine,
              std::chrono::duration<double>(spec.time_limit.si()),
              {}},
      keys(spec.base, request.engine, provenance_digest(request.program)),
      store(begun(request, spec, keys)),
      queue(spec, keys, store, request.shard, request.retry) {}

void run_sweep(Sweep& sweep, std::size_t jobs, const RunControl& control) {
  CasePool pool(sweep.command);
  bool more = true;
  while (more || pool.running() > 0) {
    if (control.stops()) throw Interrupted();
    while (more && pool.running() < jobs) {
      const auto next = sweep.queue.next();
      more = next.has_value();
      if (next) pool.start(next->number, next->inputs);
    }
    if (pool.running() == 0) break;
    std::vector<SweepQueue::Result> results;
    for (CasePool::Ended& e : pool.wait(between_looks)) {
      results.push_back({e.number, std::move(e.outcome)});
    }
    sweep.queue.keep(std::move(results));
    const SweepTally& tally = sweep.queue.tally();
    control.done(static_cast<double>(tally.finished()) / static_cast<double>(tally.cases));
  }
}

}  // namespace fleetwright
