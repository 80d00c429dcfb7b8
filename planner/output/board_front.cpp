// Page one: enough for who reads no further.

#include <fmt/format.h>

#include <algorithm>

#include "planner/output/board_sections.hpp"
#include "planner/output/charts/axis.hpp"
#include "planner/output/charts/charts.hpp"
#include "planner/output/cost_tables.hpp"
#include "planner/output/html.hpp"
#include "planner/output/markup.hpp"

namespace fleetwright {
namespace {

std::string number_card(const CostScope& scope) {
  if (!scope.known()) {
    return fmt::format("<li><strong>no figure</strong>{}<span>{}</span></li>\n",
                       markup_text(scope.title), markup_text(scope.absent));
  }
  return fmt::format("<li><strong>{}</strong>{}<span>P10 to P90: {} to {}</span></li>\n",
                     short_usd(scope.usd.p50), markup_text(scope.title), short_usd(scope.usd.p10),
                     short_usd(scope.usd.p90));
}

std::string in_words(const CostClaimCheck& check) {
  return fmt::format("“{}” is {}", check.claim.text, verdict_of(check));
}

std::vector<std::string> about_claims(const CostReport& cost) {
  if (cost.claims.empty()) return {};
  std::vector<std::string> outside;
  std::size_t inside = 0;
  for (const CostClaimCheck& c : cost.claims) {
    if (c.inside()) {
      ++inside;
    } else {
      outside.push_back(in_words(c));
    }
  }
  std::string text = fmt::format("Of {} published {}, {} {} within our range.", cost.claims.size(),
                                 cost.claims.size() == 1 ? "figure" : "figures", inside,
                                 inside == 1 ? "lies" : "lie");
  if (!outside.empty()) {
    text +=
        fmt::format(" Not so: {}. Why is under “What was published”.", fmt::join(outside, "; "));
  }
  return {text};
}

// "factor.predicted-hours" is for the price book.
std::string plain_name(const CostInput& input) {
  std::string name = input.name;
  if (name.starts_with("factor.")) name = name.substr(7);
  std::ranges::replace(name, '-', ' ');
  return name;
}

// Of the first and the last scope that are known.
std::vector<std::string> about_drivers(const CostReport& cost) {
  std::vector<std::string> texts;
  for (const CostScope& scope : cost.scopes) {
    if (!scope.known() || scope.tornado.empty()) continue;
    const TornadoBar& bar = scope.tornado.front();
    texts.push_back(fmt::format("“{}” hangs most on {}: {} at its low end, {} at its high one.",
                                scope.title, plain_name(cost.inputs[bar.input]),
                                short_usd(bar.low_usd), short_usd(bar.high_usd)));
  }
  if (texts.size() > 2) texts.erase(texts.begin() + 1, texts.end() - 1);
  return texts;
}

std::vector<std::string> about_gaps(const CostReport& cost) {
  std::vector<std::string> names;
  for (const CostScope& scope : cost.scopes) {
    if (!scope.known()) continue;
    for (const CostLine& line : scope.lines) {
      if (!line.absent.empty()) names.push_back(line.name);
    }
  }
  if (names.empty()) return {};
  return {fmt::format("Not counted, because no source was found: {}.", fmt::join(names, "; "))};
}

std::vector<RangeRow> range_rows(const CostReport& cost) {
  std::vector<RangeRow> rows;
  const auto add = [&](const std::string& of, const std::string& name,
                       std::optional<Percentiles> ours) {
    RangeRow row{name, ours, {}};
    for (const CostClaimCheck& c : cost.claims) {
      if (c.claim.of == of) row.published.push_back({c.claim.value, c.claim.text, c.inside()});
    }
    return row;
  };
  for (const CostScope& scope : cost.scopes) {
    RangeRow row =
        add(scope.id, scope.title, scope.known() ? std::optional(scope.usd) : std::nullopt);
    if (scope.known() || !row.published.empty()) rows.push_back(std::move(row));
    if (!scope.known()) continue;
    // A group has a row of its own where someone published a figure for it.
    for (const CostGroup& group : scope.groups) {
      RangeRow of_group =
          add(scope.id + "." + group.name, fmt::format("of which {}", group.name), group.usd);
      if (!of_group.published.empty()) rows.push_back(std::move(of_group));
    }
  }
  return rows;
}

}  // namespace

std::string board_front(const BoardInput& input) {
  const CostReport& cost = input.cost;
  std::string out = "<section aria-labelledby=\"short\">\n<h2 id=\"short\">In short</h2>\n";
  out += "<ul class=\"numbers\">\n";
  for (const CostScope& scope : cost.scopes) out += number_card(scope);
  out += "</ul>\n";
  std::vector<std::string> texts{
      "These are answers to different questions. A larger one does not refute a smaller one: it "
      "counts more."};
  for (const auto& more : {about_claims(cost), about_drivers(cost), about_gaps(cost)}) {
    texts.insert(texts.end(), more.begin(), more.end());
  }
  out += html_list(texts);
  const std::vector<RangeRow> rows = range_rows(cost);
  if (!rows.empty()) {
    out += html_figure(
        range_chart({"chart-ranges", "Our ranges and published figures",
                     "Horizontal bars from P10 to P90 on a logarithmic axis of US dollars, with "
                     "diamonds for published figures. The same numbers are in the tables below."},
                    rows),
        "US dollars, logarithmic: each step of ten is equally wide. Half of all samples lie below "
        "P50, one in ten below P10, one in ten above P90.");
  }
  if (!cost.claims.empty()) {
    Listing table{{"claim", "published", "ours, P10 to P90", "it is"}, {}};
    for (const CostClaimCheck& c : cost.claims) {
      table.rows.push_back(
          {c.claim.text, short_usd(c.claim.value),
           c.ours ? fmt::format("{} to {}", short_usd(c.ours->p10), short_usd(c.ours->p90)) : "-",
           verdict_of(c)});
    }
    out += html_table("What was published, and where it lies", table);
  }
  return out + "</section>\n";
}

}  // namespace fleetwright
