#include "planner/export_control.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <set>
#include <sstream>

namespace fleetwright {
namespace {

constexpr double giga = 1e9;

/// The numbers of a part that limits are compared with.
struct PartNumbers {
  double tpp = 0;
  double density = 0;  // infinite where the area is unknown: the safe side
  double io = 0;       // GB/s
  double memory = 0;   // GB/s

  [[nodiscard]] double of(ExportQuantity q) const {
    switch (q) {
      case ExportQuantity::tpp:
        return tpp;
      case ExportQuantity::density:
        return density;
      case ExportQuantity::io:
        return io;
      case ExportQuantity::memory:
        return memory;
      case ExportQuantity::memory_plus_io:
        return memory + io;
    }
    return 0;
  }
};

PartNumbers numbers_of(const ExportPart& p) {
  return {p.tpp, p.density().value_or(std::numeric_limits<double>::infinity()), p.io.si() / giga,
          p.memory_bandwidth.si() / giga};
}

/// A clause in force, with the rule that it is of.
struct ActiveClause {
  const ExportRule* rule;
  const ExportClause* clause;
};

/// What clauses make of a set of numbers.
struct Outcome {
  ExportEffect effect = ExportEffect::none;
  const ActiveClause* deciding = nullptr;
  std::vector<const ActiveClause*> covering;
};

bool contains(const std::vector<std::string>& words, const std::string& word) {
  return std::ranges::find(words, word) != words.end();
}

// All but the limits: whom the clause is about.
bool concerns(const ExportClause& c, const ExportPart& part, const std::set<std::string>& met) {
  if (c.datacentre && *c.datacentre != part.datacentre) return false;
  if (!c.under.empty() && !met.contains(c.under)) return false;
  return std::ranges::none_of(c.unless, [&](const auto& id) { return met.contains(id); });
}

bool within_limits(const ExportClause& c, const PartNumbers& n) {
  return std::ranges::all_of(c.limits,
                             [&](const ExportLimit& l) { return l.holds(n.of(l.quantity)); });
}

bool sold_in_the_us(const ExportPart& part) { return part.us_market != ExportPart::UsMarket::no; }

// Clauses come by date, and a later one refines what an earlier one said.
Outcome apply(const std::vector<ActiveClause>& clauses, const ExportPart& part,
              const PartNumbers& n) {
  Outcome out;
  std::set<std::string> met;
  for (const ActiveClause& active : clauses) {
    const ExportClause& c = *active.clause;
    if (!concerns(c, part, met) || !within_limits(c, n)) continue;
    if (c.us_market && !sold_in_the_us(part)) continue;
    if (!met.insert(c.id).second) continue;
    out.covering.push_back(&active);
    if (c.effect == ExportEffect::duty) continue;
    out.effect = c.effect;
    out.deciding = &active;
  }
  return out;
}

// The number just on the other side of a limit.
double across(const ExportLimit& limit, double now) {
  const bool holds = limit.holds(now);
  const double up = std::nextafter(limit.value, std::numeric_limits<double>::infinity());
  const double down = std::nextafter(limit.value, 0.0);
  if (limit.side == ExportLimit::Side::at_least) return holds ? down : limit.value;
  if (limit.side == ExportLimit::Side::above) return holds ? limit.value : up;
  return holds ? limit.value : down;
}

std::optional<PartNumbers> moved(PartNumbers n, const ExportLimit& limit) {
  const double target = across(limit, n.of(limit.quantity));
  switch (limit.quantity) {
    case ExportQuantity::tpp:
      n.density *= target / n.tpp;
      n.tpp = target;
      return n;
    case ExportQuantity::density:
      if (std::isinf(n.density)) return std::nullopt;
      n.density = target;
      return n;
    case ExportQuantity::io:
      n.io = target;
      return n;
    case ExportQuantity::memory:
      n.memory = target;
      return n;
    case ExportQuantity::memory_plus_io:
      return std::nullopt;  // crossed by either part, which is not one change
  }
  return std::nullopt;
}

std::vector<ExportMargin> margins_of(const std::vector<ActiveClause>& clauses,
                                     const ExportPart& part, const PartNumbers& n,
                                     const Outcome& now) {
  std::vector<ExportMargin> margins;
  for (const ActiveClause& active : clauses) {
    for (const ExportLimit& limit : active.clause->limits) {
      const double value = n.of(limit.quantity);
      const auto there = moved(n, limit);
      if (!there || value <= 0) continue;
      const Outcome then = apply(clauses, part, *there);
      if (then.effect == now.effect) continue;
      const bool known = std::ranges::any_of(margins, [&](const ExportMargin& m) {
        return m.quantity == limit.quantity && m.limit == limit.value;
      });
      if (known) continue;
      margins.push_back({limit.quantity, value, limit.value, then.effect, active.clause->id});
    }
  }
  std::ranges::stable_sort(margins, {},
                           [](const ExportMargin& m) { return std::abs(m.distance()); });
  return margins;
}

void add_words(const std::string& text, std::vector<std::string>& to) {
  std::istringstream in(text);
  for (std::string word; in >> word;) {
    if (!contains(to, word)) to.push_back(word);
  }
}

std::string_view words_of(const std::string& field) {
  if (field == "rates") return "peak rates";
  if (field == "links") return "rates of its links";
  return field == "die_area" ? "die area" : "memory bandwidth";
}

void add_part_uncertainties(const ExportPart& part, std::vector<std::string>& out) {
  if (!part.uncertain.empty()) {
    std::vector<std::string_view> fields;
    for (const std::string& field : part.uncertain) fields.push_back(words_of(field));
    out.push_back(fmt::format("recalled, inferred or disputed: {}", fmt::join(fields, ", ")));
  }
  if (!part.die_area) {
    out.emplace_back("die area not published: PD is taken as above every limit, the safe side");
  }
  if (part.sale == ExportPart::Sale::prc) {
    out.emplace_back(
        "arithmetic alone: made in China; guidance of 13 May 2025 (general "
        "prohibition 10) stands in the way of its use instead");
  } else if (part.sale == ExportPart::Sale::rented) {
    out.emplace_back("arithmetic alone: rented, never sold as a chip");
  } else if (part.sale == ExportPart::Sale::unsold) {
    out.emplace_back("arithmetic alone: not on sale when the rule was made");
  }
  if (!part.note.empty()) out.push_back(part.note);
}

// A clause that the part meets but for the American market.
void add_market_uncertainty(const std::vector<ActiveClause>& clauses, const ExportPart& part,
                            const PartNumbers& n, const Outcome& now,
                            std::vector<std::string>& out) {
  std::set<std::string> met;
  for (const ActiveClause* c : now.covering) met.insert(c->clause->id);
  for (const ActiveClause& active : clauses) {
    const ExportClause& c = *active.clause;
    if (!c.us_market || !concerns(c, part, met) || !within_limits(c, n)) continue;
    if (part.us_market == ExportPart::UsMarket::no) {
      out.push_back(fmt::format("{} by numbers, but never on sale in the United States", c.id));
    } else if (part.us_market == ExportPart::UsMarket::end_of_life) {
      out.push_back(
          fmt::format("{} also asks that it be on sale in the United States, which an "
                      "end-of-life part may fail",
                      c.id));
    }
  }
}

void add_rule_uncertainties(const Outcome& now, const ExportRules& rules, const Date& day,
                            std::vector<std::string>& out) {
  for (const ActiveClause* c : now.covering) {
    if (c->rule->confidence != "high") {
      out.push_back(
          fmt::format("{}: {} confidence. {}", c->clause->id, c->rule->confidence, c->rule->note));
    }
  }
  if (day > rules.known_until) out.push_back(rules.after);
}

std::vector<ActiveClause> clauses_in_force(const ExportPart& part, const ExportRules& rules,
                                           const Date& day, const std::string& destination) {
  std::vector<ActiveClause> clauses;
  for (const ExportRule& rule : rules.rules) {
    if (!rule.governs(day, rules.names(part.id))) continue;
    if (!contains(rule.destinations, destination)) continue;
    for (const ExportClause& clause : rule.clauses) clauses.push_back({&rule, &clause});
  }
  return clauses;
}

// Nothing covers the part if none of the rules does: the answer is as sure as the least sure one.
std::string worst_confidence(const std::vector<ActiveClause>& clauses) {
  for (const char* level : {"low", "medium", "high"}) {
    for (const ActiveClause& c : clauses) {
      if (c.rule->confidence == level) return level;
    }
  }
  return "high";  // no rule at all
}

}  // namespace

ExportVerdict export_verdict(const ExportPart& part, const ExportRules& rules, const Date& day,
                             const std::string& destination) {
  const std::vector<ActiveClause> clauses = clauses_in_force(part, rules, day, destination);
  const PartNumbers numbers = numbers_of(part);
  const Outcome now = apply(clauses, part, numbers);
  ExportVerdict verdict;
  verdict.part = part;
  verdict.effect = now.effect;
  for (const ActiveClause* c : now.covering) {
    verdict.covered.push_back(c->clause->id);
    verdict.duty = verdict.duty || c->clause->effect == ExportEffect::duty;
    add_words(c->rule->source, verdict.sources);
  }
  if (now.deciding != nullptr) {
    verdict.clause = now.deciding->clause->id;
    verdict.confidence = now.deciding->rule->confidence;
  } else {
    for (const ActiveClause& c : clauses) add_words(c.rule->source, verdict.sources);
    verdict.confidence = worst_confidence(clauses);
  }
  for (const std::string& source : part.sources) add_words(source, verdict.sources);
  verdict.margins = margins_of(clauses, part, numbers, now);
  add_part_uncertainties(part, verdict.uncertainties);
  add_market_uncertainty(clauses, part, numbers, now, verdict.uncertainties);
  add_rule_uncertainties(now, rules, day, verdict.uncertainties);
  return verdict;
}

}  // namespace fleetwright
