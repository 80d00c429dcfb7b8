#include "planner/cost/sampling.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <string>

#include "models/core/error.hpp"

namespace fleetwright {
namespace {

// Streams of causes begin here, those of inputs at 0.
constexpr std::uint64_t first_cause = 1'000'000;

double normal_distribution(double z) { return 0.5 * std::erfc(-z / std::numbers::sqrt2); }

double value_at(std::vector<double>& samples, double share) {
  const auto at = samples.begin() +
                  static_cast<std::ptrdiff_t>(share * static_cast<double>(samples.size() - 1));
  std::nth_element(samples.begin(), at, samples.end());
  return *at;
}

bool within(const CostGroup& group, const CostLine& line) {
  return std::ranges::find(group.groups, line.group) != group.groups.end();
}

std::vector<double> typical_values(const CostReport& report) {
  std::vector<double> values;
  for (const CostInput& input : report.inputs) values.push_back(input.range.typical);
  return values;
}

double total(const CostScope& scope, CostSample values) {
  double sum = 0;
  for (const CostLine& line : scope.lines) {
    if (line.absent.empty()) sum += line.amount(values);
  }
  return sum;
}

void evaluate_typical(CostReport& report) {
  const std::vector<double> values = typical_values(report);
  for (CostScope& scope : report.scopes) {
    if (!scope.known()) continue;
    for (CostLine& line : scope.lines) {
      if (line.absent.empty()) line.typical = line.amount(values);
      scope.typical += line.typical;
      for (CostGroup& group : scope.groups) {
        if (within(group, line)) group.typical += line.typical;
      }
    }
  }
}

void evaluate_tornado(CostReport& report, CostScope& scope) {
  std::vector<double> values = typical_values(report);
  for (std::size_t i = 0; i < values.size(); ++i) {
    const ValueRange& range = report.inputs[i].range;
    values[i] = range.low;
    const double low = total(scope, values);
    values[i] = range.high;
    const double high = total(scope, values);
    values[i] = range.typical;
    if (low != high) scope.tornado.push_back({i, low, high});
  }
  std::ranges::stable_sort(scope.tornado, std::greater{}, [](const TornadoBar& bar) {
    return std::abs(bar.high_usd - bar.low_usd);
  });
}

/// What is kept of all samples of one scope.
struct ScopeSamples {
  std::vector<double> all;
  std::vector<std::vector<double>> lines;
  std::vector<std::vector<double>> groups;
};

void add_sample(const CostScope& scope, CostSample values, ScopeSamples& to) {
  double sum = 0;
  std::vector<double> groups(scope.groups.size(), 0.0);
  for (std::size_t l = 0; l < scope.lines.size(); ++l) {
    const CostLine& line = scope.lines[l];
    if (!line.absent.empty()) continue;
    const double amount = line.amount(values);
    to.lines[l].push_back(amount);
    sum += amount;
    for (std::size_t g = 0; g < groups.size(); ++g) {
      if (within(scope.groups[g], line)) groups[g] += amount;
    }
  }
  to.all.push_back(sum);
  for (std::size_t g = 0; g < groups.size(); ++g) to.groups[g].push_back(groups[g]);
}

void summarize(CostScope& scope, ScopeSamples& samples) {
  scope.usd = percentiles_of(samples.all);
  for (std::size_t l = 0; l < scope.lines.size(); ++l) {
    if (!samples.lines[l].empty()) scope.lines[l].usd = percentiles_of(samples.lines[l]);
  }
  for (std::size_t g = 0; g < scope.groups.size(); ++g) {
    scope.groups[g].usd = percentiles_of(samples.groups[g]);
  }
}

}  // namespace

double quantile(const ValueRange& r, double u) {
  if (u < 0.5) return r.low + (r.typical - r.low) * std::sqrt(2 * u);
  return r.high - (r.high - r.typical) * std::sqrt(2 * (1 - u));
}

InputSampler::InputSampler(const std::vector<CostInput>& inputs, std::uint64_t seed) {
  std::vector<std::string> names;
  for (const CostInput& input : inputs) {
    Stream stream{input.range, 0, 1, 0, Random(seed, streams_.size())};
    if (!input.cause.empty()) {
      const auto it = std::ranges::find(names, input.cause);
      stream.cause = static_cast<std::size_t>(it - names.begin());
      if (it == names.end()) {
        causes_.emplace_back(seed, first_cause + names.size());
        names.push_back(input.cause);
      }
      stream.shared = std::sqrt(input.correlation);
      stream.own = std::sqrt(1 - input.correlation);
    }
    streams_.push_back(stream);
  }
  shared_.resize(causes_.size());
  values_.resize(streams_.size());
}

CostSample InputSampler::next() {
  for (std::size_t i = 0; i < causes_.size(); ++i) shared_[i] = causes_[i].normal();
  for (std::size_t i = 0; i < streams_.size(); ++i) {
    Stream& s = streams_[i];
    if (s.range.low == s.range.high) {
      values_[i] = s.range.typical;
      continue;
    }
    double z = s.own * s.random.normal();
    if (s.shared > 0) z += s.shared * shared_[s.cause];
    values_[i] = quantile(s.range, normal_distribution(z));
  }
  return values_;
}

Percentiles percentiles_of(std::vector<double>& samples) {
  ensure(!samples.empty(), "percentiles need samples");
  return {value_at(samples, 0.1), value_at(samples, 0.5), value_at(samples, 0.9)};
}

namespace {

/// What is kept of all samples of energy and carbon dioxide.
struct EmissionSamples {
  std::vector<double> mwh;
  std::vector<double> t;
};

void evaluate_typical_emissions(CostReport& report) {
  const std::vector<double> values = typical_values(report);
  for (Emissions& e : report.emissions) {
    if (!e.absent.empty()) continue;
    e.typical_mwh = e.energy_mwh(values);
    e.typical_t = e.co2_t(values);
  }
}

void add_sample(const CostReport& report, CostSample values, std::vector<EmissionSamples>& to) {
  for (std::size_t i = 0; i < to.size(); ++i) {
    const Emissions& e = report.emissions[i];
    if (!e.absent.empty()) continue;
    to[i].mwh.push_back(e.energy_mwh(values));
    to[i].t.push_back(e.co2_t(values));
  }
}

}  // namespace

void evaluate(CostReport& report, std::uint64_t seed) {
  evaluate_typical(report);
  evaluate_typical_emissions(report);
  std::vector<EmissionSamples> emissions(report.emissions.size());
  std::vector<ScopeSamples> samples(report.scopes.size());
  for (std::size_t s = 0; s < samples.size(); ++s) {
    samples[s].lines.resize(report.scopes[s].lines.size());
    samples[s].groups.resize(report.scopes[s].groups.size());
  }
  InputSampler sampler(report.inputs, seed);
  for (int n = 0; n < report.samples; ++n) {
    const CostSample values = sampler.next();
    for (std::size_t s = 0; s < samples.size(); ++s) {
      if (report.scopes[s].known()) add_sample(report.scopes[s], values, samples[s]);
    }
    add_sample(report, values, emissions);
  }
  for (std::size_t i = 0; i < emissions.size(); ++i) {
    if (emissions[i].mwh.empty()) continue;
    report.emissions[i].mwh = percentiles_of(emissions[i].mwh);
    report.emissions[i].t = percentiles_of(emissions[i].t);
  }
  for (std::size_t s = 0; s < samples.size(); ++s) {
    if (!report.scopes[s].known()) continue;
    summarize(report.scopes[s], samples[s]);
    evaluate_tornado(report, report.scopes[s]);
  }
}

}  // namespace fleetwright
