#include "profiles/failure_pool.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "models/core/error.hpp"

namespace fleetwright {
namespace {

// Parts of a node: switches and jobs are not a node's, and no pooled record has such a cause but
// planned ones.
double parts_of_node(const FailureRecord& r, Part part) {
  switch (part) {
    case Part::gpu:
      return r.gpus_per_node;
    case Part::nic:
    case Part::link:
      return r.nics_per_node;
    default:
      return 1;
  }
}

double rate_per_node(const FailureRecord& r) {
  double rate = 0;
  for (const StopRecord& stop : r.stops) {
    if (!stop.planned) rate += rate_of(r, stop).si() * parts_of_node(r, stop.part);
  }
  return rate;
}

double unplanned_events(const FailureRecord& r) {
  double events = 0;
  for (const StopRecord& stop : r.stops) {
    if (!stop.planned) events += stop.events.value_or(0);
  }
  return events;
}

// A record that only counts "the node stopped" says nothing about its parts.
bool tells_causes_apart(const FailureRecord& r) {
  return (r.pooled || r.shares) && r.stops.size() > 1;
}

// The stops of a node that fails `per_node`, divided as this record does.
void divide(const FailureRecord& r, double per_node, std::vector<StopRecord>& stops) {
  const double events = unplanned_events(r);
  for (const StopRecord& stop : r.stops) {
    StopRecord share = stop;
    share.events.reset();
    share.rate =
        stop.planned
            ? rate_of(r, stop)
            : Hertz{per_node * stop.events.value_or(0) / events / parts_of_node(r, stop.part)};
    stops.push_back(std::move(share));
  }
}

}  // namespace

FailurePool pool_failures(const std::map<std::string, FailureRecord>& records,
                          const std::vector<std::string>& leave_out) {
  FailurePool pool;
  std::vector<double> logs;
  std::vector<const FailureRecord*> telling;
  for (const auto& [id, r] : records) {
    if (std::ranges::find(leave_out, id) != leave_out.end()) continue;
    if (tells_causes_apart(r)) telling.push_back(&r);
    if (!r.pooled) continue;
    logs.push_back(std::log(rate_per_node(r)));
    pool.records.push_back(id);
  }
  if (logs.size() < 2) throw Error("fewer than two observations of failures are left to pool");
  const auto n = static_cast<double>(logs.size());
  double mean = 0;
  for (const double log : logs) mean += log / n;
  double squares = 0;
  for (const double log : logs) squares += (log - mean) * (log - mean);
  pool.spread = std::sqrt(squares / (n - 1) * (1 + 1 / n));
  const double per_node = std::exp(mean);
  pool.provenance = {ProvenanceKind::published,
                     fmt::format("geometric mean of {}", fmt::join(pool.records, ", "))};
  if (telling.empty()) {
    pool.stops.push_back(
        {"node", Part::node, std::nullopt, Hertz{per_node}, /*replaces_node=*/true, false});
    return pool;
  }
  for (const FailureRecord* r : telling) {
    divide(*r, per_node / static_cast<double>(telling.size()), pool.stops);
  }
  return pool;
}

}  // namespace fleetwright
