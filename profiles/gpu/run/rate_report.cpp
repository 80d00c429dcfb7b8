#include "profiles/gpu/run/rate_report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "models/core/format.hpp"
#include "profiles/gpu/run/cases.hpp"

namespace fleetwright::gpu {
namespace {

BytesPerSecond fastest_copy(const MeasuredTable& table) {
  BytesPerSecond fastest;
  for (const MeasuredKernel& k : table.kernels) {
    const auto* e = k.op ? std::get_if<Elementwise>(&*k.op) : nullptr;
    if (e == nullptr || e->kind != ElementwiseKind::copy) continue;
    fastest = std::max(fastest, bytes(*k.op) / k.median);
  }
  return fastest;
}

std::string rate(const MeasuredKernel& k, BytesPerSecond copy) {
  if (!k.op) return "";
  if (flop(*k.op) > Flop{0}) {
    return fmt::format("{:8.1f} TFLOP/s", (flop(*k.op) / k.median).si() / 1e12);
  }
  const BytesPerSecond reached = bytes(*k.op) / k.median;
  std::string text = fmt::format("{:8.1f} GB/s", reached.si() / 1e9);
  if (copy > BytesPerSecond{0})
    text += fmt::format(" {:5.1f} % of the copy", 100 * (reached / copy));
  return text;
}

std::string line(const MeasuredKernel& k, BytesPerSecond copy) {
  std::string text = fmt::format("{:>12} {:<34}", human(k.median), rate(k, copy));
  if (k.clock) text += fmt::format(" {:5.0f} MHz", k.clock->si() / 1e6);
  if (k.event) text += fmt::format(" events {:>8}", signed_percent(*k.event / k.median - 1));
  return text + "  " + (k.op ? case_text(*k.op, k.library, k.sms) : k.kernel) + "\n";
}

}  // namespace

std::string rate_report(const MeasuredTable& table) {
  std::map<std::string, const MeasuredKernel*> last;
  std::vector<std::string> order;
  for (const MeasuredKernel& k : table.kernels) {
    const std::string key = k.op ? case_key(*k.op, k.library, k.sms) : k.kernel;
    if (last.insert_or_assign(key, &k).second) order.push_back(key);
  }
  const BytesPerSecond copy = fastest_copy(table);
  std::string text;
  for (const std::string& key : order) text += line(*last.at(key), copy);
  return text;
}

}  // namespace fleetwright::gpu
