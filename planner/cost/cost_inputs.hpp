#pragma once

#include <cstddef>
#include <string>
#include <variant>
#include <vector>

#include "planner/cost/cost_report.hpp"
#include "planner/price_book.hpp"

namespace fleetwright {

/// Why a line has no amount.
struct NoBasis {
  std::string why;
};

/// The index of an input, or why there is none.
using InputOrNot = std::variant<std::size_t, NoBasis>;

/// Collects the inputs of all lines; what is asked for twice is one input, drawn once a sample.
class CostInputs {
 public:
  /// Both must outlive this. Without settings no price is known.
  CostInputs(const CostSettings* settings, const PriceBook& book);

  /// A figure that needs no price book; `kind` is fixed, estimate or scenario.
  std::size_t given(const std::string& name, const std::string& unit, const ValueRange& range,
                    const std::string& kind, const std::vector<std::string>& sources);
  /// A price or factor on the day and in the places of [cost]; the scenario's override wins.
  InputOrNot price(const std::string& item);
  /// The same on another day or elsewhere.
  InputOrNot price(const std::string& item, const PriceQuery& asked);

  [[nodiscard]] std::vector<CostInput> take() { return std::move(inputs_); }

 private:
  std::size_t add(CostInput input);
  InputOrNot overridden(const Price& price, const PriceQuery& query);

  const CostSettings* settings_;
  const PriceBook* book_;
  std::vector<CostInput> inputs_;
};

/// Several inputs of one line: either all of them or the first reason why not.
struct LineInputs {
  std::vector<std::size_t> indices;
  std::string absent;

  /// The index that was added; 0 where there is none, and then `absent` says so.
  std::size_t add(const InputOrNot& input);
};

}  // namespace fleetwright
