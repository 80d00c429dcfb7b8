#include "planner/sweep/case_outcome.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>

namespace fleetwright {
namespace {

constexpr std::array<std::string_view, 6> words{"done",   "infeasible", "wrong input",
                                                "failed", "crashed",    "timed out"};

}  // namespace

std::string_view to_string(CaseEnd end) { return words[static_cast<std::size_t>(end)]; }

CaseEnd parse_case_end(std::string_view word) {
  const auto* const it = std::ranges::find(words, word);
  if (it == words.end()) throw std::invalid_argument("no such end of a case");
  return static_cast<CaseEnd>(it - words.begin());
}

}  // namespace fleetwright
