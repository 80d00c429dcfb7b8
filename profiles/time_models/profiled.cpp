#include "profiles/time_models/profiled.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "models/core/error.hpp"
#include "profiles/fastest_kernels.hpp"
#include "profiles/relatives.hpp"
#include "profiles/time_models/kernel_key.hpp"

namespace fleetwright {
namespace {

// A table speaks for a shape if it has one within this ratio in each dimension.
const double near = std::log(4.0);
constexpr std::size_t neighbours = 4;
// The kernels of DeepSeek's published profile of training, not of a benchmark.
constexpr std::string_view trace_library = "deepseek-trace";

double distance(const std::array<double, 4>& a, const std::array<double, 4>& b) {
  double worst = 0;
  for (std::size_t i = 0; i < a.size(); ++i) worst = std::max(worst, std::abs(a[i] - b[i]));
  return worst;
}

double squared_distance(const std::array<double, 4>& a, const std::array<double, 4>& b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += (a[i] - b[i]) * (a[i] - b[i]);
  return sum;
}

// What a part reaches of its datasheet, where both are known.
double attained(const std::optional<Sourced<FlopPerSecond>>& matmul,
                const std::optional<Sourced<FlopPerSecond>>& peak) {
  return matmul && peak ? matmul->value / peak->value : 0;
}

// Outside the span of what was measured, in some dimension by more than a tenth.
template <typename Samples>
bool beyond(const Samples& samples, const std::array<double, 4>& at) {
  const double slack = std::log(1.1);
  for (std::size_t d = 0; d < at.size(); ++d) {
    const auto [low, high] =
        std::ranges::minmax(samples, {}, [&](const auto& sample) { return sample.shape[d]; });
    if (at[d] < low.shape[d] - slack || at[d] > high.shape[d] + slack) return true;
  }
  return false;
}

// Beyond what was measured a kernel is as efficient as at the end of it.
template <typename Samples>
std::array<double, 4> clamped(const Samples& samples, std::array<double, 4> at) {
  for (std::size_t d = 0; d < at.size(); ++d) {
    const auto [low, high] =
        std::ranges::minmax(samples, {}, [&](const auto& sample) { return sample.shape[d]; });
    at[d] = std::clamp(at[d], low.shape[d], high.shape[d]);
  }
  return at;
}

double transfer_factor(const Operator& op, const Accelerator& from, const Accelerator& to) {
  if (same_chip(from, to)) return 1;
  if (const auto precision = precision_of(op)) {
    const double a = attained(from.matmul_of(*precision), from.peak_of(*precision));
    const double b = attained(to.matmul_of(*precision), to.peak_of(*precision));
    return a > 0 && b > 0 ? a / b : 1;
  }
  if (!from.copy_bandwidth || !to.copy_bandwidth) return 1;
  return (from.copy_bandwidth->value / from.memory_bandwidth.value) /
         (to.copy_bandwidth->value / to.memory_bandwidth.value);
}

}  // namespace

ProfiledTimeModel::ProfiledTimeModel(Accelerator accelerator, SoftwareStack stack,
                                     const std::map<std::string, Accelerator>& accelerators,
                                     const ProfileStore& store)
    : accelerator_(std::move(accelerator)), stack_(std::move(stack)) {
  const auto serves = [&](const Accelerator& owner, const Operator& op) {
    return same_chip(owner, accelerator_) || (std::holds_alternative<Attention>(op) &&
                                              owner.architecture == accelerator_.architecture);
  };
  Tables own;
  for (const Accelerator* owner : relatives_of(accelerator_, accelerators)) {
    add_samples(*owner, store.profile(owner->id), own,
                [&](const Operator& op) { return serves(*owner, op); });
  }
  append_in_order(std::move(own));
  for (const Accelerator* owner : relatives_of(accelerator_, accelerators)) {
    Tables theirs;
    add_samples(*owner, store.profile(owner->id), theirs,
                [&](const Operator& op) { return !serves(*owner, op); });
    append_in_order(std::move(theirs));
  }
}

int ProfiledTimeModel::preference(const std::string& library, const Operator& op) const {
  const std::vector<std::string>& names = std::holds_alternative<Attention>(op)
                                              ? stack_.attention_libraries
                                          : precision_of(op) ? stack_.gemm_libraries
                                                             : stack_.memory_libraries;
  const auto it = std::ranges::find(names, library);
  return it == names.end() ? -1 : static_cast<int>(it - names.begin());
}

void ProfiledTimeModel::add_samples(const Accelerator& owner, const AcceleratorProfile& profile,
                                    Tables& to,
                                    const std::function<bool(const Operator&)>& wanted) const {
  const auto add = [&](const KernelSample& sample, const std::string& library) {
    if (preference(library, sample.op) >= 0 && wanted(sample.op)) {
      add_sample(owner, sample, library, to[kernel_key(sample.op)]);
    }
  };
  for (const KernelSample& sample : profile.kernels) add(sample, sample.library);
  for (const KernelSample* sample : fastest_measured(profile.kernels)) {
    add(*sample, std::string(fastest_library));
  }
}

void ProfiledTimeModel::add_sample(const Accelerator& owner, const KernelSample& sample,
                                   const std::string& library, std::vector<Table>& tables) const {
  const auto precision = precision_of(sample.op);
  if (precision && !owner.peak_of(*precision)) return;
  const bool shared = std::holds_alternative<Attention>(sample.op);
  auto table = std::ranges::find_if(tables, [&](const Table& t) {
    const Accelerator& of = *t.samples.front().owner;
    return (&of == &owner || (shared && of.architecture == owner.architecture)) &&
           t.library == library && t.kind == sample.kind;
  });
  if (table == tables.end()) table = tables.insert(table, {library, sample.kind, {}});
  const auto shape = shape_coordinates(sample.op);
  if (std::ranges::any_of(table->samples, [&](const Corrected& s) {
        return s.owner != &owner && s.shape == shape;
      })) {
    return;  // a closer relative has it
  }
  const Seconds roof = roofline_time(sample.op, ceilings(owner, sample.op), sample.sms);
  table->samples.push_back(
      {shape, std::log(sample.time / roof * transfer_factor(sample.op, owner, accelerator_)),
       &sample, &owner});
}

// By library, the measured before the published; the accelerator's own come in first, with
// attention on others of its architecture: that hangs on the tensor cores and special functions
// they share, and more on the library.
void ProfiledTimeModel::append_in_order(Tables tables_of_chip) {
  for (auto& [key, tables] : tables_of_chip) {
    std::ranges::stable_sort(tables, {}, [&](const Table& t) {
      return std::pair(preference(t.library, t.samples.front().sample->op), t.kind);
    });
    std::ranges::move(tables, std::back_inserter(tables_[key]));
  }
}

Ceilings ProfiledTimeModel::ceilings(const Accelerator& of, const Operator& op) const {
  Ceilings c;
  c.sms = of.sm_count.value;
  c.memory = of.memory_bandwidth.value;
  if (const auto precision = precision_of(op)) {
    const auto peak = of.peak_of(*precision);
    ensure(peak.has_value(), "an operator's format must exist on the accelerator");
    c.tensor = peak->value;
  } else {
    c.tensor = FlopPerSecond{1};  // not used: nothing but products and attention counts flop
  }
  return c;
}

// By its rows: tokens, which weight gradients add up over. Another pass has no such measure.
bool ProfiledTimeModel::outgrown(const Table& table, const std::string& key, const Operator& op) {
  const bool weight = kernel_key(op).ends_with("weight gradient");
  if (weight != key.ends_with("weight gradient")) return false;
  const std::size_t rows = weight ? 2 : 0;
  const double at = coordinates_under(key, op)[rows];
  return std::ranges::none_of(table.samples,
                              [&](const Corrected& s) { return at - s.shape[rows] < near; });
}

double ProfiledTimeModel::distance_to(const Table& table, const std::array<double, 4>& at) {
  double least = std::numeric_limits<double>::infinity();
  for (const Corrected& sample : table.samples) least = std::min(least, distance(sample.shape, at));
  return least;
}

const ProfiledTimeModel::Table* ProfiledTimeModel::choose(const std::vector<Table>& tables,
                                                          const std::array<double, 4>& at,
                                                          Owners owners) const {
  const Table* nearest = nullptr;
  double nearest_distance = std::numeric_limits<double>::infinity();
  for (const Table& table : tables) {
    if (owners == Owners::own_architecture &&
        table.samples.front().owner->architecture != accelerator_.architecture) {
      continue;
    }
    if (const double d = distance_to(table, at); d < nearest_distance) {
      nearest_distance = d;
      nearest = &table;
    }
    if (nearest == &table && nearest_distance <= near) break;
  }
  return nearest;
}

Provenance ProfiledTimeModel::provenance_of(const Table& table, const Corrected& nearest,
                                            const std::string& key, const Operator& op) const {
  Provenance from{nearest.sample->kind, nearest.sample->source};
  if (table.library == fastest_library) from.source += ", the fastest measured";
  const std::string& owner = nearest.owner->id;
  if (key != kernel_key(op) || !same_chip(*nearest.owner, accelerator_)) {
    from.kind = ProvenanceKind::assumed;
    from.source += fmt::format(" ({} on {}, scaled by ceilings)", key, owner);
  } else if (owner != accelerator_.id) {
    from.source += fmt::format(" (on {}, the same chip)", owner);
  }
  if (beyond(table.samples, coordinates_under(key, op)))
    from.source += ", beyond the shapes measured";
  return from;
}

std::optional<ProfiledTimeModel::Correction> ProfiledTimeModel::from_tables(
    const std::vector<std::string>& keys, const Operator& op, Owners owners, Reach reach) const {
  for (const std::string& key : keys) {
    const auto found = tables_.find(key);
    if (found == tables_.end()) continue;
    const auto at = coordinates_under(key, op);
    const Table* table = choose(found->second, at, owners);
    if (table == nullptr || (reach == Reach::rows && outgrown(*table, key, op))) continue;
    const auto within = clamped(table->samples, at);
    std::vector<std::pair<double, const Corrected*>> nearest;
    for (const Corrected& sample : table->samples) {
      nearest.emplace_back(squared_distance(sample.shape, within), &sample);
    }
    const std::size_t count = std::min(neighbours, nearest.size());
    std::ranges::partial_sort(nearest, nearest.begin() + static_cast<std::ptrdiff_t>(count), {},
                              [](const auto& n) { return n.first; });
    double sum = 0, weights = 0;
    for (std::size_t i = 0; i < count; ++i) {
      const double weight = 1.0 / (nearest[i].first + 1e-9);
      sum += weight * nearest[i].second->log_ratio;
      weights += weight;
    }
    const Corrected& first = *nearest[0].second;
    const bool in_step = table->library == trace_library && same_chip(*first.owner, accelerator_);
    return Correction{std::exp(sum / weights), provenance_of(*table, first, key, op), in_step};
  }
  return std::nullopt;
}

// A product is more like another pass of it on its own architecture, or one group's product there,
// than like the same pass on another one; and attention like a shape far off there. Many rows a
// group are more like a dense product of as many than like few rows a group.
ProfiledTimeModel::Correction ProfiledTimeModel::correction(const Operator& op) const {
  if (precision_of(op)) {
    const std::vector<std::string> keys = same_format_keys(op);
    for (const Reach reach : {Reach::rows, Reach::any}) {
      if (auto own = from_tables(keys, op, Owners::own_architecture, reach)) return *own;
    }
  }
  if (auto any = from_tables(stand_in_keys(op), op, Owners::any, Reach::any)) return *any;
  const auto precision = precision_of(op);
  const Provenance ceiling = precision ? accelerator_.peak_of(*precision)->provenance
                                       : accelerator_.memory_bandwidth.provenance;
  return {1.0, {ProvenanceKind::assumed, ceiling.source + " (ceilings alone)"}};
}

OperatorTime ProfiledTimeModel::time(const Operator& op, const KernelContext& context) const {
  if (std::holds_alternative<CollectiveCall>(op)) return {};
  const double sms = accelerator_.sm_count.value - context.sms_taken;
  const Seconds roof = roofline_time(op, ceilings(accelerator_, op), sms);
  if (roof == Seconds{0}) return {Seconds{0}, {ProvenanceKind::assumed, "no work"}};
  Correction c = correction(op);
  OperatorTime alone{roof * c.factor, std::move(c.provenance), c.in_step};
  // Our own measurements are hot and on random data.
  const bool ours = alone.provenance.kind == ProvenanceKind::measured;
  if (!ours) hold_to_sustained_rate(op, sms / accelerator_.sm_count.value, alone);
  return alone;
}

// Times of others are short, or run on zeros, and faster than a chip at its power limit.
void ProfiledTimeModel::hold_to_sustained_rate(const Operator& op, double share_of_sms,
                                               OperatorTime& time) const {
  const auto precision = precision_of(op);
  const auto sustained = precision ? accelerator_.sustained_of(*precision) : std::nullopt;
  if (!sustained) return;
  const Seconds hot = flop(op) / (sustained->value * share_of_sms);
  if (hot <= time.time) return;
  time.time = hot;
  time.provenance.source += fmt::format(", at the power limit ({})", sustained->provenance.source);
}

}  // namespace fleetwright
