#include "planner/validation/case_summary.hpp"

#include <algorithm>
#include <cmath>
#include <functional>

namespace fleetwright {
namespace {

double percentile(const std::vector<double>& sorted, double share) {
  const double at = share * static_cast<double>(sorted.size() - 1);
  const auto low = static_cast<std::size_t>(at);
  const std::size_t high = std::min(low + 1, sorted.size() - 1);
  return sorted[low] + (at - static_cast<double>(low)) * (sorted[high] - sorted[low]);
}

using Choose = std::function<bool(const CaseResult&)>;

ErrorSummary summary_of(const std::vector<CaseResult>& results, const Choose& chosen) {
  std::vector<double> errors;
  int lost = 0;
  for (const CaseResult& r : results) {
    if (!chosen(r)) continue;
    if (const auto error = r.error()) errors.push_back(*error);
    if (!r.time) ++lost;
  }
  ErrorSummary summary = summarize(std::move(errors));
  summary.not_simulated = lost;
  return summary;
}

using Name = std::function<std::string(const CaseResult&)>;

std::vector<SummaryGroup> groups_of(const std::vector<CaseResult>& results, const Name& name) {
  std::map<std::string, std::vector<CaseResult>> members;
  std::vector<SummaryGroup> groups;
  std::map<std::string, bool> seen;
  for (const CaseResult& r : results) {
    const std::string own = name(r);
    if (!seen.emplace(own, true).second) continue;
    groups.push_back(
        {own, summary_of(results, [&](const CaseResult& other) { return name(other) == own; })});
  }
  std::ranges::sort(groups, {}, &SummaryGroup::name);
  return groups;
}

ErrorSummary families_of(const std::vector<CaseResult>& results) {
  const auto groups = groups_of(results, [](const CaseResult& r) { return r.measured.family; });
  std::vector<double> means;
  double signed_sum = 0;
  int lost = 0;
  for (const SummaryGroup& g : groups) {
    if (g.errors.count == 0) {
      if (g.errors.not_simulated > 0) ++lost;
      continue;
    }
    means.push_back(g.errors.mean_abs);
    signed_sum += g.errors.mean;
  }
  ErrorSummary summary = summarize(means);
  if (!means.empty()) summary.mean = signed_sum / static_cast<double>(means.size());
  summary.not_simulated = lost;
  return summary;
}

std::vector<std::pair<std::string, int>> reasons_of(const std::vector<CaseResult>& results) {
  std::map<std::string, int> counts;
  for (const CaseResult& r : results) {
    if (!r.time) ++counts[r.reason];
  }
  std::vector<std::pair<std::string, int>> sorted(counts.begin(), counts.end());
  std::ranges::stable_sort(sorted, std::ranges::greater{}, [](const auto& r) { return r.second; });
  return sorted;
}

}  // namespace

ErrorSummary summarize(std::vector<double> errors) {
  ErrorSummary s;
  s.count = static_cast<int>(errors.size());
  if (errors.empty()) return s;
  for (double& error : errors) {
    s.mean += error / s.count;
    error = std::abs(error);
    s.mean_abs += error / s.count;
  }
  std::ranges::sort(errors);
  s.median_abs = percentile(errors, 0.5);
  s.p90_abs = percentile(errors, 0.9);
  s.max_abs = errors.back();
  return s;
}

ValidationSummary summarize(const std::vector<CaseResult>& results) {
  ValidationSummary s;
  s.all = summary_of(results, [](const CaseResult&) { return true; });
  s.core = summary_of(results, [](const CaseResult& r) { return r.measured.core; });
  s.families = families_of(results);
  s.by_gpu = groups_of(results, [](const CaseResult& r) { return r.measured.gpu; });
  // Publishers name releases; what they stand for is one stack.
  s.by_framework = groups_of(results, [](const CaseResult& r) {
    return r.software.empty() ? r.measured.framework : r.software;
  });
  s.by_precision = groups_of(results, [](const CaseResult& r) { return r.measured.precision; });
  s.by_kind = groups_of(results, [](const CaseResult& r) {
    return std::string(r.measured.model.moe ? "moe" : "dense");
  });
  s.by_source = groups_of(results, [](const CaseResult& r) { return r.measured.source; });
  s.not_simulated = reasons_of(results);
  std::vector<double> memory;
  for (const CaseResult& r : results) {
    if (const auto error = r.memory_error()) memory.push_back(*error);
    if (!r.memory) continue;
    const bool ran = r.measured.measured_time.has_value();
    int& verdict =
        ran ? (r.fits() ? s.verdicts.ran_and_fits : s.verdicts.ran_and_does_not_fit)
            : (r.fits() ? s.verdicts.failed_and_fits : s.verdicts.failed_and_does_not_fit);
    ++verdict;
  }
  s.memory = summarize(std::move(memory));
  return s;
}

}  // namespace fleetwright
