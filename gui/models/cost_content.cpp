// The bill of `fleetwright cost`: its waterfall, its ranges, and what moves it.

#include "gui/models/cost_content.hpp"

#include <QJsonArray>
#include <QJsonObject>
#include <algorithm>
#include <cmath>

#include "gui/models/quantity_text.hpp"
#include "gui/models/words.hpp"

namespace fleetwright::gui {
namespace {

// Longer names take the room of the bars; the table has them in full.
constexpr qsizetype longest_name = 22;
// Inputs after these hardly move the total.
constexpr qsizetype most_inputs = 6;

constexpr const char* short_names[][2] = {{"rented", "1 run, rented"},
                                          {"owned", "2 run, owned"},
                                          {"programme", "3 programme"},
                                          {"fleet", "4 fleet"}};

QString short_name(const QString& scope) {
  for (const auto& [id, name] : short_names) {
    if (scope == QLatin1String(id)) return words(name);
  }
  return scope;
}

QString elided(const QString& text) {
  return text.size() <= longest_name ? text : text.left(longest_name - 1).trimmed() + "…";
}

struct Step {
  QString name;
  double usd = 0;
  bool total = false;
};

// Steps with one name before the comma ("servers, H800-SXM", "servers, H20-96") are one bar.
std::vector<Step> waterfall_steps(const Report& cost) {
  std::vector<Step> steps;
  std::size_t total_before = 0;
  for (const QJsonValue entry : cost.array("waterfall")) {
    const QString full = entry["name"].toString();
    Step step{full, entry["typical_usd"].toDouble(), entry["total"].toBool()};
    if (step.total) {
      for (const QJsonValue scope : cost.array("scopes")) {
        if (scope["title"].toString() == full) step.name = short_name(scope["scope"].toString());
      }
      steps.push_back(step);
      total_before = steps.size();
      continue;
    }
    step.name = full.section(',', 0, 0).section(" in place of ", 0, 0);
    const auto same = std::find_if(steps.begin() + static_cast<std::ptrdiff_t>(total_before),
                                   steps.end(), [&](const Step& s) { return s.name == step.name; });
    if (same != steps.end() && full.contains(',')) {
      same->usd += step.usd;
    } else {
      steps.push_back(step);
    }
  }
  return steps;
}

// "million" or "billion" dollars, whichever suits the largest.
std::pair<double, QString> scale_of(double largest) {
  if (largest >= 1e9) return {1e9, words("billion $")};
  return {1e6, words("million $")};
}

ChartData waterfall_chart(const Report& cost) {
  ChartData chart;
  chart.kind = ChartKind::stacked_bars;
  chart.title = words("From the rented run to the fleet, typical values");
  const std::vector<Step> steps = waterfall_steps(cost);
  double largest = 0;
  for (const Step& step : steps) largest = std::max(largest, std::abs(step.usd));
  const auto [scale, unit] = scale_of(largest);
  chart.value_title = unit;
  ChartSeries before{words("before"), {}, {}, true};
  ChartSeries totals{words("in all"), {}, {}, false};
  ChartSeries more{words("comes on top"), {}, {}, false};
  ChartSeries less{words("falls away"), {}, {}, false};
  double sum = 0;
  for (const Step& step : steps) {
    chart.categories << elided(step.name) + "  " + dollars_text(step.usd);
    if (step.total) sum = 0;
    // Rounding must not leave a bar on the wrong side of zero.
    const double from = std::max(0.0, std::min(sum, sum + step.usd));
    before.values.push_back(step.total ? 0 : from / scale);
    totals.values.push_back(step.total ? step.usd / scale : 0);
    more.values.push_back(!step.total && step.usd >= 0 ? step.usd / scale : 0);
    less.values.push_back(!step.total && step.usd < 0 ? -step.usd / scale : 0);
    sum += step.usd;
  }
  chart.series = {before, totals, more, less};
  return chart;
}

ChartData range_chart(const Report& cost) {
  ChartData chart;
  chart.kind = ChartKind::stacked_bars;
  chart.title = words("How sure: P10 and P90 against P50");
  chart.value_title = words("% of P50");
  ChartSeries low{words("down to P10"), {}, {}, false};
  ChartSeries high{words("up to P90"), {}, {}, false};
  for (const QJsonValue entry : cost.array("scopes")) {
    const Report scope(entry.toObject());
    const double mid = scope.number("total_usd.p50").value_or(0);
    if (mid <= 0) continue;
    chart.categories << short_name(scope.text("scope")) + "  " + dollars_text(mid);
    low.values.push_back(100 * (scope.number("total_usd.p10").value_or(mid) / mid - 1));
    high.values.push_back(100 * (scope.number("total_usd.p90").value_or(mid) / mid - 1));
  }
  chart.series = {low, high};
  return chart;
}

bool is_flat(const ChartData& chart) {
  return std::ranges::all_of(chart.series, [](const ChartSeries& series) {
    return std::ranges::all_of(series.values, [](double value) { return value == 0; });
  });
}

QString input_name(const QJsonObject& input) {
  QString name = input["input"].toString();
  if (name.startsWith("factor.")) name = name.mid(7);
  return name.section(" of ", 0, 0);
}

QString input_range(const QJsonObject& input) {
  return words("%1 to %2 %3")
      .arg(prefixed(input["low"].toDouble()), prefixed(input["high"].toDouble()),
           input["unit"].toString());
}

// The last scope that is known: the others are parts of it.
Report largest_scope(const Report& cost) {
  Report last;
  for (const QJsonValue entry : cost.array("scopes")) {
    if (entry["total_usd"].isObject()) last = Report(entry.toObject());
  }
  return last;
}

ChartData tornado_chart(const Report& scope) {
  ChartData chart;
  chart.kind = ChartKind::stacked_bars;
  chart.title = words("What moves the total of %1").arg(short_name(scope.text("scope")));
  const double typical = scope.number("typical_usd").value_or(0);
  const QJsonArray inputs = scope.array("tornado");
  double widest = 0;
  for (const QJsonValue input : inputs) {
    widest = std::max({widest, std::abs(input["total_at_low_usd"].toDouble() - typical),
                       std::abs(input["total_at_high_usd"].toDouble() - typical)});
  }
  const auto [scale, unit] = scale_of(widest);
  chart.value_title = words("%1 from the typical %2").arg(unit, dollars_text(typical));
  ChartSeries low{words("input at its low end"), {}, {}, false};
  ChartSeries high{words("at its high end"), {}, {}, false};
  for (qsizetype i = 0; i < std::min(most_inputs, inputs.size()); ++i) {
    double at_low = inputs[i]["total_at_low_usd"].toDouble() - typical;
    double at_high = inputs[i]["total_at_high_usd"].toDouble() - typical;
    // Ends on one side of the typical value would be stacked: the longer bar stands for both.
    if (at_low * at_high > 0) (std::abs(at_low) > std::abs(at_high) ? at_high : at_low) = 0;
    chart.categories << elided(input_name(inputs[i].toObject()));
    low.values.push_back(at_low / scale);
    high.values.push_back(at_high / scale);
  }
  chart.series = {low, high};
  return chart;
}

QString joined(const QJsonValue& sources) {
  QStringList list;
  for (const QJsonValue source : sources.toArray()) list << source.toString();
  return list.join("; ");
}

Cell dollars(const Report& r, const QString& path) {
  const auto value = r.number(path);
  return value ? cell(dollars_text(*value), *value) : cell("-", 0.0);
}

void add_row(PageContent& content, const QString& name, const Report& amounts, const QString& range,
             const QString& basis) {
  content.table.rows.push_back({cell(name), dollars(amounts, "typical_usd"),
                                dollars(amounts, range + ".p50"), dollars(amounts, range + ".p10"),
                                dollars(amounts, range + ".p90"), cell(basis)});
}

void add_lines(PageContent& content, const Report& scope) {
  const QString name = short_name(scope.text("scope"));
  for (const QJsonValue entry : scope.array("lines")) {
    const Report line(entry.toObject());
    QStringList inputs;
    for (const QJsonValue input : line.array("inputs")) inputs << input["name"].toString();
    const QString absent = line.text("absent");
    add_row(content, name + ": " + line.text("name"), line, "amount_usd",
            absent.isEmpty() ? words("%1; from %2").arg(line.text("formula"), inputs.join(", "))
                             : absent);
  }
}

void add_tornado(PageContent& content, const Report& scope) {
  for (const QJsonValue entry : scope.array("tornado")) {
    const QJsonObject input = entry.toObject();
    const double at_low = input["total_at_low_usd"].toDouble();
    const double at_high = input["total_at_high_usd"].toDouble();
    const auto [low, high] = std::minmax(at_low, at_high);
    content.table.rows.push_back(
        {cell(words("%1 if %2 is %3")
                  .arg(short_name(scope.text("scope")), input_name(input), input_range(input))),
         dollars(scope, "typical_usd"), cell("-", 0.0), cell(dollars_text(low), low),
         cell(dollars_text(high), high), cell(joined(input["sources"]))});
  }
}

}  // namespace

PageContent cost_content(const Report& cost) {
  PageContent content;
  QStringList known;
  QStringList absent;
  content.table.columns = {words("Item"),     words("Typical"),   words("P50"),
                           words("Low, P10"), words("High, P90"), words("Basis")};
  for (const QJsonValue entry : cost.array("scopes")) {
    const Report scope(entry.toObject());
    const QString name = short_name(scope.text("scope"));
    if (const auto mid = scope.number("total_usd.p50")) {
      known << words("%1 <b>%2</b> (%3 to %4)")
                   .arg(name, dollars_text(*mid), dollars_text(*scope.number("total_usd.p10")),
                        dollars_text(*scope.number("total_usd.p90")));
      add_row(content, name + ": " + words("in all"), scope, "total_usd", scope.text("title"));
    } else {
      absent << name + ": " + scope.text("absent");
      add_row(content, name + ": " + words("in all"), scope, "total_usd", scope.text("absent"));
    }
  }
  if (known.isEmpty()) return {};
  content.answer = known.join(" · ") + words("; medians, with percentiles 10 and 90.");
  if (!absent.isEmpty())
    content.answer += "<br>" + words("Not counted: ") + absent.join("; ") + ".";
  if (cost.array("waterfall").size() > 1) content.charts.push_back(waterfall_chart(cost));
  // A price that is certain has no range to draw.
  if (ChartData ranges = range_chart(cost); !is_flat(ranges)) {
    content.charts.push_back(std::move(ranges));
  }
  const Report largest = largest_scope(cost);
  if (!largest.array("tornado").isEmpty()) content.charts.push_back(tornado_chart(largest));
  for (const QJsonValue scope : cost.array("scopes")) add_lines(content, Report(scope.toObject()));
  for (const QJsonValue entry : cost.array("claims")) {
    const Report claim(entry.toObject());
    const double published = claim.number("published_usd").value_or(0);
    content.table.rows.push_back({cell(words("Published: ") + claim.text("claim")),
                                  cell(dollars_text(published), published),
                                  dollars(claim, "ours_usd.p50"), dollars(claim, "ours_usd.p10"),
                                  dollars(claim, "ours_usd.p90"), cell(claim.text("explanation"))});
  }
  add_tornado(content, largest);
  return content;
}

}  // namespace fleetwright::gui
