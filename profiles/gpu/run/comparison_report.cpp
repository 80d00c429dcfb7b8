#include "profiles/gpu/run/comparison_report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <map>
#include <utility>

#include "models/core/format.hpp"
#include "profiles/gpu/run/cases.hpp"

namespace fleetwright::gpu {
namespace {

constexpr std::array hopper_parts{"H100-SXM", "H800-SXM", "H200-SXM"};
constexpr std::string_view ours = "fleetwright";
constexpr double goal = 0.95;

bool is_ours(const std::string& library) { return library.starts_with(ours); }

std::string lower(std::string text) {
  std::ranges::transform(text, text.begin(), [](unsigned char c) { return std::tolower(c); });
  return text;
}

/// What was measured, and published, of one operator on as many SMs.
struct Contest {
  std::map<std::string, const MeasuredKernel*> by_library;  // the last of each
  const Anchor* anchor = nullptr;                           // the fastest

  [[nodiscard]] const MeasuredKernel& fastest() const {
    return *std::ranges::min_element(by_library, {}, [](const auto& entry) {
              return entry.second->median;
            })->second;
  }
};

std::string rate_text(const Operator& op, Seconds time) {
  if (flop(op) > Flop{0}) return fmt::format("{:.1f} TFLOP/s", (flop(op) / time).si() / 1e12);
  return fmt::format("{:.1f} GB/s", (bytes(op) / time).si() / 1e9);
}

std::string line(const Contest& contest) {
  const MeasuredKernel& best = contest.fastest();
  std::string text = fmt::format("{:>16}", rate_text(*best.op, best.median));
  text +=
      best.clock ? fmt::format(" {:5.0f} MHz", best.clock->si() / 1e6) : fmt::format("{:10}", "");
  text += "  " + case_text(*best.op, best.library, best.sms);
  for (const auto& [library, kernel] : contest.by_library) {
    if (kernel != &best) {
      text += fmt::format("; {} {:.1f} %", library, 100 * (best.median / kernel->median));
    }
  }
  if (const Anchor* anchor = contest.anchor) {
    text +=
        fmt::format("; {:.1f} % of {} on {} ({}, {})", 100 * (anchor->sample.time / best.median),
                    anchor->sample.library, anchor->accelerator,
                    rate_text(*best.op, anchor->sample.time), anchor->sample.source);
  }
  return text + "\n";
}

/// Of a kind of kernel: operators that ours compute, and where they reach the goal.
struct Tally {
  int contests = 0;
  int reached = 0;

  void add(const Contest& contest) {
    double own = 0, others = 0;  // the highest rates, as 1 over seconds
    for (const auto& [library, kernel] : contest.by_library) {
      double& best = is_ours(library) ? own : others;
      best = std::max(best, 1 / kernel->median.si());
    }
    if (contest.anchor != nullptr) others = std::max(others, 1 / contest.anchor->sample.time.si());
    if (own == 0 || others == 0) return;
    ++contests;
    if (own >= goal * others) ++reached;
  }
};

}  // namespace

std::vector<Anchor> anchors_of(const std::filesystem::path& table,
                               const std::filesystem::path& data) {
  const std::string here = std::filesystem::absolute(table).parent_path().filename().string();
  std::vector<std::string> accelerators;
  for (const char* part : hopper_parts) accelerators.emplace_back(part);
  if (std::ranges::find(accelerators, here, lower) == accelerators.end()) accelerators = {here};
  const ProfileStore store(data);
  std::vector<Anchor> anchors;
  for (const std::string& accelerator : accelerators) {
    for (const KernelSample& sample : store.profile(accelerator).kernels) {
      if (sample.kind == ProvenanceKind::published) anchors.push_back({sample, accelerator});
    }
  }
  return anchors;
}

std::string comparison_report(const MeasuredTable& table, const std::vector<Anchor>& anchors) {
  std::map<std::string, Contest> contests;
  std::vector<std::string> order;
  for (const MeasuredKernel& kernel : table.kernels) {
    if (!kernel.op) continue;
    const std::string key = case_key(*kernel.op, "", kernel.sms);
    if (!contests.contains(key)) order.push_back(key);
    contests[key].by_library[kernel.library] = &kernel;
  }
  for (const Anchor& anchor : anchors) {
    const auto at = contests.find(case_key(anchor.sample.op, "", anchor.sample.sms));
    if (at == contests.end()) continue;
    const Anchor*& best = at->second.anchor;
    if (best == nullptr || anchor.sample.time < best->sample.time) best = &anchor;
  }
  std::string text;
  std::map<std::string, Tally> tallies;
  for (const std::string& key : order) {
    const Contest& contest = contests.at(key);
    text += line(contest);
    tallies[std::string(kernel_name(*contest.fastest().op))].add(contest);
  }
  for (const auto& [kernel, tally] : tallies) {
    if (tally.contests == 0) continue;
    text += fmt::format(
        "{}: ours reach {:.0f} % of the best of libraries and published figures in {} of {}\n",
        kernel, 100 * goal, tally.reached, tally.contests);
  }
  return text;
}

}  // namespace fleetwright::gpu
