#include <fmt/format.h>

#include "planner/output/listing.hpp"
#include "planner/output/validation_formats.hpp"

namespace fleetwright {
namespace {

std::string percent(double share) { return fmt::format("{:.1f} %", 100 * share); }
std::string signed_percent(double share) { return fmt::format("{:+.1f} %", 100 * share); }

template <typename T>
std::string seconds(const std::optional<T>& time) {
  return time ? fmt::format("{:.4g}", time->si()) : "-";
}

std::string gigabytes(const std::optional<Bytes>& bytes) {
  return bytes ? fmt::format("{:.1f}", bytes->si() / 1e9) : "-";
}

std::string remark(const CaseResult& r) {
  if (!r.time) return "not simulated: " + r.reason;
  std::string text = fmt::format("{}", fmt::join(r.assumed, ", "));
  if (!r.fits()) text += (text.empty() ? "" : "; ") + std::string("predicted out of memory");
  return text;
}

Listing cases_of(const std::vector<CaseResult>& results) {
  Listing listing{
      {"id", "gpu", "measured s", "predicted s", "error", "measured GB", "predicted GB", "assumed"},
      {}};
  for (const CaseResult& r : results) {
    const auto error = r.error();
    listing.rows.push_back({r.measured.id, fmt::format("{} x {}", r.measured.gpus, r.measured.gpu),
                            seconds(r.measured.measured_time), seconds(r.time),
                            error ? signed_percent(*error) : "-",
                            gigabytes(r.measured.measured_memory), gigabytes(r.memory), remark(r)});
  }
  return listing;
}

void add(Listing& listing, std::string name, const ErrorSummary& s) {
  if (s.count == 0) {
    listing.rows.push_back(
        {std::move(name), "0", fmt::format("{}", s.not_simulated), "-", "-", "-", "-", "-"});
    return;
  }
  listing.rows.push_back({std::move(name), fmt::format("{}", s.count),
                          fmt::format("{}", s.not_simulated), percent(s.mean_abs),
                          percent(s.median_abs), percent(s.p90_abs), percent(s.max_abs),
                          signed_percent(s.mean)});
}

void add(Listing& listing, std::string_view kind, const std::vector<SummaryGroup>& groups) {
  for (const SummaryGroup& g : groups) {
    add(listing, fmt::format("{} {}", kind, g.name.empty() ? "not named" : g.name), g.errors);
  }
}

Listing summary_of(const ValidationSummary& s) {
  Listing listing{{"step time", "count", "not simulated", "mean", "median", "90th percentile",
                   "worst", "signed mean"},
                  {}};
  add(listing, "all", s.all);
  add(listing, "families", s.families);
  add(listing, "core", s.core);
  add(listing, "gpu", s.by_gpu);
  add(listing, "framework", s.by_framework);
  add(listing, "precision", s.by_precision);
  add(listing, "kind", s.by_kind);
  add(listing, "source", s.by_source);
  add(listing, "peak memory", s.memory);
  return listing;
}

Listing reasons_of(const ValidationSummary& s) {
  Listing listing{{"cases", "not simulated because"}, {}};
  for (const auto& [reason, count] : s.not_simulated) {
    listing.rows.push_back({fmt::format("{}", count), reason});
  }
  return listing;
}

Listing verdicts_of(const MemoryVerdicts& v) {
  return {{"memory", "predicted to fit", "predicted out of memory"},
          {{"ran", fmt::format("{}", v.ran_and_fits), fmt::format("{}", v.ran_and_does_not_fit)},
           {"did not run", fmt::format("{}", v.failed_and_fits),
            fmt::format("{}", v.failed_and_does_not_fit)}}};
}

}  // namespace

std::string print_validation(const std::vector<CaseResult>& results,
                             const ValidationSummary& summary, std::string_view format) {
  std::string out = print(cases_of(results), format);
  if (format == "csv") return out;
  out += "\n" + print(summary_of(summary), format);
  out += "\n" + print(verdicts_of(summary.verdicts), format);
  if (!summary.not_simulated.empty()) out += "\n" + print(reasons_of(summary), format);
  return out;
}

}  // namespace fleetwright
