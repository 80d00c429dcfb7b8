// The final run: rented, and on machines of one's own.

#include <fmt/format.h>

#include <cmath>
#include <utility>

#include "planner/cost/scopes.hpp"
#include "sim/topologies/topology.hpp"

namespace fleetwright {
namespace {

/// What an owner charges an hour of a machine: its price less what is left of it, over the hours
/// that it is used for. Straight line, as the filings that its life comes from depreciate.
struct Charge {
  std::size_t residual = 0;
  std::size_t life = 0;
  std::size_t use = 0;

  /// Of the price, an hour.
  [[nodiscard]] double of(CostSample v) const {
    return (1 - v[residual]) / (v[life] * hours_per_year * v[use]);
  }
};

Charge add_charge(CostInputs& inputs, LineInputs& line) {
  return {line.add(inputs.price("factor.residual")), line.add(inputs.price("factor.life-years")),
          line.add(inputs.price("factor.use"))};
}

constexpr const char* charge_text =
    " x (1 - residual) / (life x 8,766 h a year x share of hours in use)";

std::string speed_class(const Cluster& cluster) {
  return fmt::format("{:.0f}G", cluster.nic.bandwidth.value.si() * 8 / 1e9);
}

/// The capital of one accelerator: server and its share of the network.
struct Capital {
  std::size_t server = 0;
  std::size_t switches = 0;
  std::size_t transceivers = 0;
  std::size_t switch_price = 0;
  std::size_t transceiver_price = 0;
  double gpus = 0;

  [[nodiscard]] double server_usd(CostSample v) const { return v[server] / gpus_of_price; }
  [[nodiscard]] double network_usd(CostSample v) const {
    return (v[switches] * v[switch_price] + v[transceivers] * v[transceiver_price]) / gpus;
  }
};

void add_server(const Report& report, CostInputs& inputs, LineInputs& line, Capital& capital) {
  const Cluster& c = report.scenario.setup.cluster;
  capital.gpus = c.gpus;
  capital.server = line.add(inputs.price("server." + c.accelerator.id));
}

void add_network(const Report& report, CostInputs& inputs, LineInputs& line, Capital& capital) {
  const Cluster& c = report.scenario.setup.cluster;
  const NetworkCounts counts = count_network(c);
  const auto exactly = [](std::int64_t n) {
    const auto count = static_cast<double>(n);
    return ValueRange{count, count, count};
  };
  const std::vector<std::string> wired{fmt::format("counted in the {} of [cluster]", c.topology)};
  capital.gpus = c.gpus;
  capital.switches = line.add(
      inputs.given("switches of the network", "1", exactly(counts.switches), "fixed", wired));
  capital.transceivers = line.add(inputs.given("transceivers of the network", "1",
                                               exactly(counts.transceivers), "fixed", wired));
  capital.switch_price = line.add(inputs.price("network.switch-" + speed_class(c)));
  capital.transceiver_price = line.add(inputs.price("network.transceiver-" + speed_class(c)));
}

CostLine servers_line(const Report& report, CostInputs& inputs) {
  LineInputs line;
  Capital capital;
  const RunHours run = add_run_hours(report, inputs, line);
  add_server(report, inputs, line, capital);
  const Charge charge = add_charge(inputs, line);
  return cost_line("servers", "servers",
                   std::string("GPU-hours x price of a server / 8") + charge_text, std::move(line),
                   [=](CostSample v) {
                     return v[run.hours] * v[run.error] * capital.server_usd(v) * charge.of(v);
                   });
}

CostLine network_line(const Report& report, CostInputs& inputs) {
  LineInputs line;
  Capital capital;
  const RunHours run = add_run_hours(report, inputs, line);
  add_network(report, inputs, line, capital);
  const Charge charge = add_charge(inputs, line);
  return cost_line(
      "network", "network",
      std::string("GPU-hours x (switches and transceivers at their prices) / GPUs") + charge_text,
      std::move(line), [=](CostSample v) {
        return v[run.hours] * v[run.error] * capital.network_usd(v) * charge.of(v);
      });
}

CostLine storage_line(const Report& report, CostInputs& inputs) {
  LineInputs line;
  Capital capital;
  const RunHours run = add_run_hours(report, inputs, line);
  add_server(report, inputs, line, capital);
  add_network(report, inputs, line, capital);
  const std::size_t share = line.add(inputs.price("factor.storage-share"));
  const Charge charge = add_charge(inputs, line);
  return cost_line(
      "storage", "storage",
      std::string("GPU-hours x (servers + network) x share / (1 - share)") + charge_text,
      std::move(line), [=](CostSample v) {
        const double others = capital.server_usd(v) + capital.network_usd(v);
        return v[run.hours] * v[run.error] * others * v[share] / (1 - v[share]) * charge.of(v);
      });
}

// The facility's PUE is the scenario's where it has one.
InputOrNot pue(const Scenario& s, CostInputs& inputs) {
  if (!s.pue) return inputs.price("factor.pue");
  const double value = s.pue->value;
  return inputs.given("power.pue", "ratio", {value, value, value}, "scenario",
                      {s.pue->provenance.source});
}

std::size_t add_energy(const Report& report, CostInputs& inputs, LineInputs& line) {
  if (!report.energy) {
    line.absent = "the power of this accelerator or of its facility is not known";
    return 0;
  }
  const double mwh = report.energy->servers.si() / 3.6e9;
  return line.add(inputs.given(
      "energy of the servers", "MWh", {mwh, mwh, mwh}, "estimate",
      {"the estimate of this scenario: power of what the step does (profiles/data/power.toml) or "
       "power.server_factor"}));
}

CostLine electricity_line(const Report& report, CostInputs& inputs) {
  LineInputs line;
  const std::size_t error = add_run_hours(report, inputs, line).error;
  const std::size_t servers = add_energy(report, inputs, line);
  if (!line.absent.empty()) {
    return cost_line("electricity", "electricity", "", std::move(line), {});
  }
  const std::size_t overhead = line.add(pue(report.scenario, inputs));
  const std::size_t price = line.add(inputs.price("electricity"));
  return cost_line(
      "electricity", "electricity", "energy of the servers x PUE x price", std::move(line),
      [=](CostSample v) { return v[servers] * 1000 * v[error] * v[overhead] * v[price]; });
}

CostLine space_line(const Report& report, CostInputs& inputs) {
  LineInputs line;
  const Accelerator& a = report.scenario.setup.cluster.accelerator;
  if (!a.tdp) {
    line.absent = fmt::format("the power of {} is not known", a.id);
    return cost_line("space", "space", "", std::move(line), {});
  }
  const RunHours run = add_run_hours(report, inputs, line);
  const double kw = a.tdp->value.si() / 1000;
  const std::size_t tdp = line.add(inputs.given("power of " + a.id, "kW", {kw, kw, kw}, "datasheet",
                                                {a.tdp->provenance.source}));
  const std::size_t server = line.add(inputs.price(server_power_item(a)));
  const std::size_t rent = line.add(inputs.price("colocation"));
  const std::size_t use = line.add(inputs.price("factor.use"));
  return cost_line(
      "space in a data centre", "space",
      "GPU-hours / share of hours in use x kW of a GPU's share of the server x rent of a "
      "kW and month / 730.5",
      std::move(line), [=](CostSample v) {
        return v[run.hours] * v[run.error] / v[use] * v[tdp] * v[server] * v[rent] *
               months_per_year / hours_per_year;
      });
}

CostLine staff_line() {
  LineInputs line;
  line.absent =
      "no source for the people who run a cluster; those who make the model are in the "
      "programme";
  return cost_line("operating staff", "staff", "", std::move(line), {});
}

CostScope scope_of(const std::string& id, const std::string& title) {
  CostScope scope;
  scope.id = id;
  scope.title = title;
  return scope;
}

}  // namespace

RunHours add_run_hours(const Report& report, CostInputs& inputs, LineInputs& line) {
  const double hours = report.total_gpu_hours;
  const std::size_t predicted =
      line.add(inputs.given("GPU-hours of the run", "h", {hours, hours, hours}, "estimate",
                            {"the estimate of this scenario, all phases, failures included"}));
  return {predicted, line.add(inputs.price("factor.predicted-hours"))};
}

CostLine cost_line(const std::string& name, const std::string& group, std::string formula,
                   LineInputs inputs, CostAmount amount) {
  CostLine line;
  line.name = name;
  line.group = group;
  line.formula = std::move(formula);
  line.inputs = std::move(inputs.indices);
  line.amount = std::move(amount);
  line.absent = std::move(inputs.absent);
  return line;
}

CostGroup group_of(const std::string& name, std::vector<std::string> groups) {
  return {name, std::move(groups), 0, {}};
}

std::string server_power_item(const Accelerator& accelerator) {
  const std::string& a = accelerator.architecture;
  return "factor.server-power-" + (a == "ampere" || a == "hopper" ? a : std::string("other"));
}

Emissions owned_emissions(const Report& report, CostInputs& inputs) {
  Emissions e;
  e.scope = "owned";
  e.formula = "energy of the servers x PUE; x carbon dioxide of a kWh";
  LineInputs line;
  const std::size_t error = add_run_hours(report, inputs, line).error;
  const std::size_t servers = add_energy(report, inputs, line);
  const std::size_t overhead = line.add(pue(report.scenario, inputs));
  const std::size_t carbon = line.add(carbon_input(report.scenario, inputs));
  e.inputs = std::move(line.indices);
  e.absent = std::move(line.absent);
  e.energy_mwh = [=](CostSample v) { return v[servers] * v[error] * v[overhead]; };
  e.co2_t = [=](CostSample v) {
    return v[servers] * v[error] * v[overhead] * v[carbon] / 1000;  // g a kWh are kg a MWh
  };
  return e;
}

CostScope rented_scope(const Report& report, CostInputs& inputs) {
  CostScope scope = scope_of("rented", "the final run, rented");
  const Scenario& s = report.scenario;
  if (!s.rent) {
    scope.absent = "the scenario has no [price], which gives the rent of an accelerator";
    return scope;
  }
  const double rent = s.rent->value.si() * 3600;
  for (const PhaseEstimate& phase : report.phases) {
    LineInputs line;
    const std::size_t hours = line.add(inputs.given(
        "GPU-hours of " + phase.name, "h", {phase.gpu_hours, phase.gpu_hours, phase.gpu_hours},
        "estimate", {phase.provenance.source}));
    const std::size_t price = line.add(
        inputs.given("rent", "USD/h", {rent, rent, rent}, "scenario", {s.rent->provenance.source}));
    // Published hours are not predicted. Without [cost] the prediction is taken as it is.
    const bool predicted = phase.provenance.kind == ProvenanceKind::assumed && s.cost;
    const std::size_t error = predicted ? line.add(inputs.price("factor.predicted-hours")) : price;
    scope.lines.push_back(cost_line(
        phase.name, "rent", "GPU-hours x rent", std::move(line),
        [=](CostSample v) { return v[hours] * v[price] * (predicted ? v[error] : 1.0); }));
  }
  return scope;
}

CostScope owned_scope(const Report& report, CostInputs& inputs) {
  CostScope scope = scope_of("owned", "the final run, on machines of one's own");
  scope.lines = {servers_line(report, inputs), network_line(report, inputs),
                 storage_line(report, inputs), electricity_line(report, inputs),
                 space_line(report, inputs),   staff_line()};
  scope.groups = {group_of("capital", {"servers", "network", "storage"}),
                  group_of("operation", {"electricity", "space", "staff"})};
  // Without its largest line a total would mislead.
  scope.absent = scope.lines.front().absent;
  return scope;
}

}  // namespace fleetwright
