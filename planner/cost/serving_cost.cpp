// A service that answers with the model: what a day of it costs on rented machines, what a million
// tokens cost, and what the day's tokens are sold for.

#include <fmt/format.h>

#include <utility>

#include "planner/cost/scopes.hpp"

namespace fleetwright {
namespace {

constexpr double seconds_per_day = 86'400;
constexpr double hours_per_day = 24;
constexpr double million = 1e6;

std::size_t serving_input(CostInputs& inputs, const std::string& name, const std::string& unit,
                          const SourcedRange& figure) {
  return inputs.given("serving." + name, unit, figure.range, "scenario", {figure.source});
}

/// One of the two things that nodes do: reading inputs or writing outputs.
struct Work {
  std::string line;
  std::string name;  // input, output
  const SourcedRange* tokens;
  const SourcedRange* rate;
};

/// What an hour of a node is rented for.
struct NodeRent {
  std::size_t rent = 0;
  std::size_t accelerators = 0;

  [[nodiscard]] double an_hour(CostSample v) const { return v[rent] * v[accelerators]; }
};

NodeRent add_rent(const Report& report, CostInputs& inputs, LineInputs& line) {
  const Scenario& s = report.scenario;
  const double accelerators = s.setup.cluster.gpus_per_node;
  const double rent = s.rent->value.si() * 3600;
  return {line.add(inputs.given("rent", "USD/h", {rent, rent, rent}, "scenario",
                                {s.rent->provenance.source})),
          line.add(inputs.given("accelerators of a node", "1",
                                {accelerators, accelerators, accelerators}, "fixed",
                                {"[cluster] of the scenario"}))};
}

CostLine day_line(const Report& report, const Work& work, CostInputs& inputs) {
  LineInputs line;
  const std::size_t tokens =
      line.add(serving_input(inputs, work.name + " tokens a day", "1", *work.tokens));
  const std::size_t rate =
      line.add(serving_input(inputs, work.name + " rate of a node", "tokens/s", *work.rate));
  const NodeRent node = add_rent(report, inputs, line);
  return cost_line(work.line, work.name,
                   "tokens a day / (rate of a node x 86,400 s) x accelerators of a node x 24 h x "
                   "rent",
                   std::move(line), [=](CostSample v) {
                     const double nodes = v[tokens] / (v[rate] * seconds_per_day);
                     return nodes * hours_per_day * node.an_hour(v);
                   });
}

CostLine million_line(const Report& report, const Work& work, CostInputs& inputs) {
  LineInputs line;
  const std::size_t rate =
      line.add(serving_input(inputs, work.name + " rate of a node", "tokens/s", *work.rate));
  const NodeRent node = add_rent(report, inputs, line);
  return cost_line("a million tokens of " + work.name, work.name,
                   "1,000,000 / (rate of a node x 3,600 s) x accelerators of a node x rent",
                   std::move(line),
                   [=](CostSample v) { return million / (v[rate] * 3600) * node.an_hour(v); });
}

CostLine sales_line(const std::string& name, const ServingSettings& s, const SourcedRange& tokens,
                    const SourcedRange& price, bool cached, CostInputs& inputs) {
  LineInputs line;
  const bool output = name == "output";
  const std::size_t count =
      line.add(serving_input(inputs, (output ? name : "input") + " tokens a day", "1", tokens));
  const std::size_t each =
      line.add(serving_input(inputs, "price of " + name, "USD/million tokens", price));
  if (output) {
    return cost_line(name, "sales", "tokens a day / 1,000,000 x price", std::move(line),
                     [=](CostSample v) { return v[count] / million * v[each]; });
  }
  const std::size_t share =
      line.add(serving_input(inputs, "share of input from the cache", "fraction", s.cached_share));
  return cost_line(name, "sales",
                   cached ? "tokens a day / 1,000,000 x share from the cache x price"
                          : "tokens a day / 1,000,000 x (1 - share from the cache) x price",
                   std::move(line), [=](CostSample v) {
                     return v[count] / million * (cached ? v[share] : 1 - v[share]) * v[each];
                   });
}

CostScope scope_of(const std::string& id, const std::string& title) {
  CostScope scope;
  scope.id = id;
  scope.title = title;
  return scope;
}

}  // namespace

std::vector<CostScope> serving_scopes(const Report& report, const ServingSettings& s,
                                      CostInputs& inputs) {
  CostScope day = scope_of("serving", "serving, a day, on rented machines");
  CostScope million_tokens =
      scope_of("million-tokens", "serving a million tokens of input and a million of output");
  CostScope revenue = scope_of("revenue", "what the tokens of a day are sold for, at list price");
  revenue.lines = {sales_line("input from the cache", s, s.input_tokens_per_day,
                              s.cached_input_price, true, inputs),
                   sales_line("input", s, s.input_tokens_per_day, s.input_price, false, inputs),
                   sales_line("output", s, s.output_tokens_per_day, s.output_price, false, inputs)};
  if (!report.scenario.rent) {
    day.absent = million_tokens.absent =
        "the scenario has no [price], which gives the rent of an accelerator";
    return {day, million_tokens, revenue};
  }
  const Work reading{"reading inputs (prefill)", "input", &s.input_tokens_per_day, &s.prefill_rate};
  const Work writing{"writing outputs (decode)", "output", &s.output_tokens_per_day,
                     &s.decode_rate};
  day.lines = {day_line(report, reading, inputs), day_line(report, writing, inputs)};
  million_tokens.lines = {million_line(report, reading, inputs),
                          million_line(report, writing, inputs)};
  day.groups = {group_of("input", {"input"}), group_of("output", {"output"})};
  million_tokens.groups = day.groups;
  return {day, million_tokens, revenue};
}

}  // namespace fleetwright
