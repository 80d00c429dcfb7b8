// The money itself: from number to number, line by line, claim by claim.

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>

#include "planner/output/board_sections.hpp"
#include "planner/output/charts/charts.hpp"
#include "planner/output/cost_tables.hpp"
#include "planner/output/html.hpp"
#include "planner/output/markup.hpp"

namespace fleetwright {
namespace {

constexpr std::size_t most_bars = 8;

std::string notes_of(const CostSection& section) {
  return section.notes.empty() ? "" : html_list(section.notes);
}

std::string section_table(const CostSection& section) {
  return (section.table.rows.empty() ? "" : html_table(section.title, section.table)) +
         notes_of(section);
}

std::string waterfall(const CostReport& cost) {
  std::vector<WaterfallBar> bars;
  for (const WaterfallStep& step : cost.waterfall) {
    bars.push_back({step.name, step.usd, step.total});
  }
  const CostSection table = waterfall_section(cost);
  const std::string chart = waterfall_chart(
      {"chart-waterfall", "From the first number to the last",
       "A waterfall of typical values: each bar leads from the total above it to the total below. "
       "The table after it has the same steps."},
      bars);
  return board_section(
      "waterfall", "From the first number to the last",
      html_figure(chart,
                  "Typical values, which add up. Blue stands on zero, rust adds, teal takes away. "
                  "Where a total is many times the one before, a new axis begins.") +
          html_table("The same steps", table.table));
}

// The same group has the same colour in all bars.
std::string_view colour_of(const std::string& group) {
  static const std::map<std::string, std::string_view> colours{
      {"servers", "blue"},      {"network", "teal"},     {"storage", "sky"},
      {"electricity", "ochre"}, {"space", "olive"},      {"rent", "grey"},
      {"final run", "blue"},    {"experiments", "rust"}, {"earlier models", "teal"},
      {"staff", "plum"},        {"other", "grey"},       {"input", "sky"},
      {"output", "blue"},       {"sales", "teal"}};
  const auto it = colours.find(group);
  return chart_colour(it == colours.end() ? "crimson" : it->second);
}

/// Lines of one group together; those of a rent and of sales by line, as there is one group alone.
ShareBar share_bar(const CostScope& scope) {
  constexpr std::array<std::string_view, 5> in_turn{"grey", "blue", "teal", "rust", "plum"};
  ShareBar bar{scope.title, {}};
  for (const CostLine& line : scope.lines) {
    if (!line.absent.empty() || line.typical <= 0) continue;
    const bool by_line = line.group == "rent" || line.group == "sales";
    const std::string& name = by_line ? line.name : line.group;
    const auto known = std::ranges::find(bar.shares, name, &Share::name);
    if (known != bar.shares.end()) {
      known->usd += line.typical;
    } else {
      bar.shares.push_back({name, line.typical,
                            by_line ? chart_colour(in_turn[bar.shares.size() % in_turn.size()])
                                    : colour_of(line.group)});
    }
  }
  return bar;
}

std::string made_of(const CostReport& cost) {
  std::vector<ShareBar> bars;
  for (const CostScope& scope : cost.scopes) {
    if (scope.known()) bars.push_back(share_bar(scope));
  }
  std::string body;
  if (!bars.empty()) {
    body += html_figure(
        share_chart({"chart-shares", "What each number is made of",
                     "One bar a number, all of the same length, divided by kinds of cost at "
                     "typical values. Shares stand below each bar; the bills below have amounts."},
                    bars),
        "Typical values. Bars are equally long, so that the smallest number can be read like the "
        "largest.");
  }
  for (const CostScope& scope : cost.scopes) body += section_table(bill_section(cost, scope));
  return board_section("made-of", "What each number is made of", body);
}

std::string published(const CostReport& cost) {
  if (cost.claims.empty()) return "";
  std::string body;
  for (const CostClaimCheck& c : cost.claims) {
    body += html_element("h3", c.claim.text);
    body += html_element(
        "p", fmt::format("Published: {}. Ours of “{}”, P10 to P90: {}. It is {}.",
                         money(c.claim.value), c.claim.of,
                         c.ours ? fmt::format("{} to {}", money(c.ours->p10), money(c.ours->p90))
                                : "no figure",
                         verdict_of(c)));
    const std::string& why = c.absent.empty() ? c.claim.explanation : c.absent;
    if (!why.empty()) body += html_element("p", "What explains the difference: " + why + ".");
    body += fmt::format("<p class=\"about\">Source of the claim: {}</p>\n",
                        markup_text(c.claim.source));
  }
  return board_section("published", "What was published", body);
}

std::string text_of(double value, const std::string& unit) {
  return fmt::format("{:.6g} {}", value, unit);
}

std::string tornado(const CostReport& cost, const CostScope& scope) {
  std::vector<TornadoRow> rows;
  for (const TornadoBar& bar : scope.tornado) {
    if (rows.size() == most_bars) break;
    const CostInput& input = cost.inputs[bar.input];
    rows.push_back({input.name, text_of(input.range.low, input.unit),
                    text_of(input.range.high, input.unit), bar.low_usd, bar.high_usd});
  }
  const std::string chart = tornado_chart(
      {"chart-tornado-" + scope.id, "What moves it most: " + scope.title,
       "A tornado: each input goes from its low to its high end while all others are typical. The "
       "table after it has the same numbers."},
      rows, scope.typical);
  return html_figure(chart, scope.title +
                                ": the total when one input goes from its low (blue) to its high "
                                "end (rust) and all others are typical.") +
         section_table(tornado_section(cost, scope, most_bars));
}

std::string what_moves(const CostReport& cost) {
  std::string body;
  for (const CostScope& scope : cost.scopes) {
    if (scope.known() && !scope.tornado.empty()) body += tornado(cost, scope);
  }
  return body.empty() ? "" : board_section("moves", "What moves the numbers", body);
}

}  // namespace

std::string board_money(const BoardInput& input) {
  std::string out;
  if (input.cost.waterfall.size() > 1) out += waterfall(input.cost);
  out += made_of(input.cost);
  out += published(input.cost);
  return out + what_moves(input.cost);
}

}  // namespace fleetwright
