#include "profiles/gpu/run/cases.hpp"

#include <fmt/format.h>

#include <set>

#include "profiles/operator_columns.hpp"

namespace fleetwright::gpu {
namespace {

// The shape as "rows 4096, columns 7168": the columns of a row that hold a number.
std::string shape_text(const Operator& op) {
  const std::vector<std::string> cells = operator_cells(op);
  std::string text = cells[0];
  for (std::size_t c = 1; c < cells.size(); ++c) {
    if (cells[c].empty()) continue;
    const bool word = operator_columns()[c] == "precision" || operator_columns()[c] == "flags";
    text += word ? fmt::format(" {}", cells[c])
                 : fmt::format(" {}={}", operator_columns()[c], cells[c]);
  }
  return text;
}

}  // namespace

std::string Case::name() const {
  return fmt::format("{}: {}, {} SMs", benchmark->name, shape_text(op), sms);
}

std::string case_text(const Operator& op, std::string_view library, double sms) {
  return fmt::format("{} {}, {} SMs", library, shape_text(op), sms);
}

std::string Case::key() const { return case_key(op, benchmark->library, sms); }

std::string case_key(const Operator& op, std::string_view library, double sms) {
  return fmt::format("{},{},{}", fmt::join(operator_cells(op), ","), library, sms);
}

std::vector<Case> cases_of(const std::vector<Operator>& operators,
                           std::span<const Benchmark> benchmarks, int sms) {
  std::vector<Case> cases;
  std::set<std::string> seen;
  for (const Operator& op : operators) {
    for (const Benchmark& benchmark : benchmarks) {
      if (!benchmark.accepts(op)) continue;
      for (const int count : {sms, sms - communication_sms}) {
        if (count != sms && (!benchmark.limits_sms || count <= 0)) continue;
        Case c{&benchmark, op, count};
        if (seen.insert(c.key()).second) cases.push_back(c);
      }
    }
  }
  return cases;
}

}  // namespace fleetwright::gpu
