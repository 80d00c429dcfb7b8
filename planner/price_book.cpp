#include "planner/price_book.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>
#include <sstream>
#include <utility>

#include "models/core/suggest.hpp"

namespace fleetwright {
namespace {

constexpr const char* grey = "grey";

bool contains(const std::vector<std::string>& words, std::string_view word) {
  return std::ranges::find(words, word) != words.end();
}

bool wanted(const Price& p, const PriceQuery& q) {
  if (p.item != q.item) return false;
  return q.kinds.empty() ? p.kind != grey : contains(q.kinds, p.kind);
}

/// All prices of one kind and day as one.
struct Point {
  Date date;
  ValueRange range;
};

ValueRange joined(const std::vector<ValueRange>& ranges) {
  ValueRange all{ranges.front().low, 0, ranges.front().high};
  for (const ValueRange& r : ranges) {
    all.low = std::min(all.low, r.low);
    all.high = std::max(all.high, r.high);
    all.typical += r.typical / static_cast<double>(ranges.size());
  }
  return all;
}

std::vector<Point> points_of(const std::vector<const Price*>& rows) {
  std::map<Date, std::vector<ValueRange>> by_date;
  for (const Price* p : rows) by_date[*p->date].push_back(p->range);
  std::vector<Point> points;
  for (const auto& [date, ranges] : by_date) points.push_back({date, joined(ranges)});
  return points;
}

ValueRange between(const Point& a, const Point& b, const Date& day) {
  const double share = months_between(a.date, day) / months_between(a.date, b.date);
  const auto mix = [&](double x, double y) { return x + share * (y - x); };
  return {mix(a.range.low, b.range.low), mix(a.range.typical, b.range.typical),
          mix(a.range.high, b.range.high)};
}

/// The price of one kind on a day.
struct DatedRange {
  ValueRange range;
  const char* how;
};

// Nothing where the nearest price is too old or too new to hold.
std::optional<DatedRange> at(const std::vector<Point>& points, const Date& day, double hold) {
  const Point& first = points.front();
  const Point& last = points.back();
  if (day < first.date) {
    if (months_between(day, first.date) > hold) return std::nullopt;
    return DatedRange{first.range, "held from later"};
  }
  if (day > last.date) {
    if (months_between(last.date, day) > hold) return std::nullopt;
    return DatedRange{last.range, "held since"};
  }
  const auto after = std::ranges::find_if(points, [&](const Point& p) { return p.date >= day; });
  if (after->date == day) return DatedRange{after->range, "of that day"};
  return DatedRange{between(*std::prev(after), *after, day), "interpolated"};
}

void add_words(const std::string& text, std::vector<std::string>& to) {
  std::istringstream in(text);
  for (std::string word; in >> word;) {
    if (!contains(to, word)) to.push_back(word);
  }
}

std::string worst_confidence(const std::vector<const Price*>& rows) {
  for (const char* level : {"low", "medium"}) {
    for (const Price* p : rows) {
      if (p->confidence == level) return level;
    }
  }
  return "high";
}

std::string span_of(const std::vector<const Price*>& rows) {
  std::optional<Date> first;
  std::optional<Date> last;
  for (const Price* p : rows) {
    if (!p->date) continue;
    if (!first || *p->date < *first) first = p->date;
    if (!last || *p->date > *last) last = p->date;
  }
  if (!first) return "of any time";
  if (*first == *last) return "of " + to_string(*first);
  return fmt::format("of {} to {}", to_string(*first), to_string(*last));
}

}  // namespace

const UncertaintyRules::Cause* UncertaintyRules::cause_of(std::string_view item) const {
  for (const Cause& cause : causes) {
    for (const std::string& beginning : cause.items) {
      if (item.starts_with(beginning)) return &cause;
    }
  }
  return nullptr;
}

PriceBook::PriceBook(std::vector<Price> prices, UncertaintyRules rules)
    : prices_(std::move(prices)), rules_(std::move(rules)) {}

bool PriceBook::knows(std::string_view item) const {
  return std::ranges::any_of(prices_, [&](const Price& p) { return p.item == item; });
}

std::optional<PriceAnswer> PriceBook::find_in(const std::string& region,
                                              const PriceQuery& query) const {
  std::map<std::string, std::vector<const Price*>> by_kind;
  std::vector<ValueRange> ranges;
  PriceAnswer answer;
  std::vector<const Price*> used;
  std::set<std::string> ways;
  for (const Price& p : prices_) {
    if (p.region != region || !wanted(p, query)) continue;
    if (p.date) {
      by_kind[p.kind].push_back(&p);
      continue;
    }
    ranges.push_back(p.range);
    used.push_back(&p);
    if (!contains(answer.kinds, p.kind)) answer.kinds.push_back(p.kind);
  }
  for (const auto& [kind, rows] : by_kind) {
    const auto found = at(points_of(rows), query.date, rules_.hold_months);
    if (!found) continue;
    ranges.push_back(found->range);
    used.insert(used.end(), rows.begin(), rows.end());
    answer.kinds.push_back(kind);
    ways.insert(found->how);
  }
  if (ranges.empty()) return std::nullopt;
  answer.range = joined(ranges);
  answer.unit = used.front()->unit;
  answer.region = region;
  answer.confidence = worst_confidence(used);
  for (const Price* p : used) add_words(p->source, answer.sources);
  answer.how = fmt::format("{} of {} {}{}{}", used.size(), fmt::join(answer.kinds, ", "),
                           span_of(used), ways.empty() ? "" : ", ", fmt::join(ways, ", "));
  return answer;
}

NoPrice PriceBook::nothing(const PriceQuery& q) const {
  const std::string asked =
      fmt::format("no price known for {} in {} on {}{}", q.item, fmt::join(q.regions, " or "),
                  to_string(q.date),
                  q.kinds.empty() ? "" : fmt::format(" of kind {}", fmt::join(q.kinds, " or ")));
  const Price* nearest = nullptr;
  for (const Price& p : prices_) {
    if (p.item != q.item) continue;
    const auto distance = [&](const Price& x) {
      return x.date ? std::abs(months_between(*x.date, q.date)) : 0.0;
    };
    if (nearest == nullptr || distance(p) < distance(*nearest)) nearest = &p;
  }
  if (nearest != nullptr) {
    return {fmt::format("{}; nearest is {:.6g} {}, {} of {} in {}", asked, nearest->range.typical,
                        nearest->unit, nearest->kind,
                        nearest->date ? to_string(*nearest->date) : "any time", nearest->region)};
  }
  std::vector<std::string> items;
  for (const Price& p : prices_) items.push_back(p.item);
  const std::string near = nearest_word(q.item, items);
  return {near.empty() ? asked : fmt::format("{}; the nearest that has one is {}", asked, near)};
}

std::variant<PriceAnswer, NoPrice> PriceBook::find(const PriceQuery& query) const {
  for (const std::string& region : query.regions) {
    if (auto answer = find_in(region, query)) return *std::move(answer);
  }
  if (auto answer = find_in("any", query)) return *std::move(answer);
  return nothing(query);
}

}  // namespace fleetwright
