#include "planner/cost/cost_inputs.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace fleetwright {

CostInputs::CostInputs(const CostSettings* settings, const PriceBook& book)
    : settings_(settings), book_(&book) {}

std::size_t CostInputs::add(CostInput input) {
  const auto known = std::ranges::find(inputs_, input.name, &CostInput::name);
  if (known != inputs_.end()) return static_cast<std::size_t>(known - inputs_.begin());
  if (const auto* cause = book_->rules().cause_of(input.name)) {
    input.cause = cause->name;
    input.correlation = cause->correlation;
  }
  inputs_.push_back(std::move(input));
  return inputs_.size() - 1;
}

std::size_t CostInputs::given(const std::string& name, const std::string& unit,
                              const ValueRange& range, const std::string& kind,
                              const std::vector<std::string>& sources) {
  return add({name, unit, range, kind, "", "", sources, "", 0});
}

InputOrNot CostInputs::price(const std::string& item) {
  if (settings_ == nullptr) {
    return NoBasis{"the scenario has no [cost], which says when and where prices are taken"};
  }
  return price(item, {item, settings_->date, settings_->regions, settings_->kinds});
}

InputOrNot CostInputs::overridden(const Price& p, const PriceQuery& query) {
  const auto book = book_->find(query);
  std::string how = "of the scenario, over the price book's ";
  if (const auto* answer = std::get_if<PriceAnswer>(&book)) {
    how += fmt::format("{:.6g} ({})", answer->range.typical, answer->how);
  } else {
    how = "of the scenario; the price book has none";
  }
  return add({p.item, p.unit, p.range, "scenario", "", std::move(how), {p.source}, "", 0});
}

InputOrNot CostInputs::price(const std::string& item, const PriceQuery& asked) {
  if (settings_ == nullptr) return price(item);
  PriceQuery query = asked;
  query.item = item;
  // A factor is no price: what kinds of price are wanted does not touch it.
  if (item.starts_with("factor.")) query.kinds.clear();
  for (const Price& p : settings_->overrides) {
    if (p.item == item) return overridden(p, query);
  }
  const auto found = book_->find(query);
  if (const auto* nothing = std::get_if<NoPrice>(&found)) {
    return NoBasis{nothing->why + "; [[cost.price]] may give one"};
  }
  const auto& answer = std::get<PriceAnswer>(found);
  const bool elsewhere = query.date != settings_->date || query.regions != settings_->regions ||
                         query.kinds != settings_->kinds;
  const bool by_day = !item.starts_with("factor.") && elsewhere;
  return add(
      {by_day ? fmt::format("{} of {}, {}", item, to_string(query.date), answer.region) : item,
       answer.unit, answer.range, fmt::format("{}", fmt::join(answer.kinds, ", ")), answer.region,
       fmt::format("{}, {} confidence", answer.how, answer.confidence), answer.sources, "", 0});
}

std::size_t LineInputs::add(const InputOrNot& input) {
  if (const auto* nothing = std::get_if<NoBasis>(&input)) {
    if (absent.empty()) absent = nothing->why;
    return 0;
  }
  const std::size_t index = std::get<std::size_t>(input);
  if (std::ranges::find(indices, index) == indices.end()) indices.push_back(index);
  return index;
}

}  // namespace fleetwright
