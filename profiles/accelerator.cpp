#include "profiles/accelerator.hpp"

#include <utility>

#include "profiles/sourced_toml.hpp"

namespace fleetwright {
namespace {

// MX and block-scaled operands run through the FP8 tensor-core path.
Precision hardware_format(Precision precision) {
  const bool is_fp8 = precision == Precision::fp8_block || precision == Precision::mxfp8;
  return is_fp8 ? Precision::fp8 : precision;
}

std::optional<Sourced<FlopPerSecond>> rate_of(
    const std::map<Precision, Sourced<FlopPerSecond>>& rates, Precision precision) {
  const auto it = rates.find(hardware_format(precision));
  if (it == rates.end()) return std::nullopt;
  return it->second;
}

Accelerator read_one(const std::string& id, TomlTable table) {
  SourcedReader sourced(table);
  Accelerator a;
  a.id = id;
  a.name = required(table, "name", table.text("name"), "\"NVIDIA H800\"");
  a.vendor = required(table, "vendor", table.text("vendor"), "\"NVIDIA\"");
  a.architecture = required(table, "architecture", table.text("architecture"), "\"hopper\"");
  a.same_chip_as = table.text("same_chip_as").value_or("");
  a.release_date = table.text("release_date").value_or("");
  const std::string_view form = "{ value = ..., kind = ..., source = ... }";
  a.sm_count = required(table, "sm_count", sourced.number("sm_count"), form);
  a.boost_clock = required(table, "boost_clock", sourced.quantity<Hertz>("boost_clock"), form);
  a.memory_capacity =
      required(table, "memory_capacity", sourced.quantity<Bytes>("memory_capacity"), form);
  a.memory_bandwidth = required(table, "memory_bandwidth",
                                sourced.quantity<BytesPerSecond>("memory_bandwidth"), form);
  a.copy_bandwidth = sourced.quantity<BytesPerSecond>("copy_bandwidth");
  for (const Precision p : {Precision::fp32, Precision::tf32, Precision::fp16, Precision::bf16,
                            Precision::fp8, Precision::fp4}) {
    const std::string name(to_string(p));
    if (auto peak = sourced.quantity<FlopPerSecond>("peak_" + name)) a.peak[p] = *peak;
    if (auto matmul = sourced.quantity<FlopPerSecond>("matmul_" + name)) a.matmul[p] = *matmul;
    if (auto rate = sourced.quantity<FlopPerSecond>("sustained_" + name)) a.sustained[p] = *rate;
  }
  a.scale_up_link = required(table, "scale_up_link", table.text("scale_up_link"), "\"nvlink4\"");
  a.host_link = table.text("host_link").value_or("");
  a.scale_up_domain = required(table, "scale_up_domain", sourced.number("scale_up_domain"), form);
  a.nics_per_node = sourced.number("nics_per_node_reference");
  a.nic = table.text("nic_reference").value_or("");
  a.tdp = sourced.quantity<Watts>("tdp");
  a.node_power_max = sourced.quantity<Watts>("node_power_max");
  // Known to the data file; no model reads them yet.
  static_cast<void>(sourced.quantity<Bytes>("l2_capacity"));
  a.in_step_slowdown = sourced.number("in_step_slowdown");
  static_cast<void>(sourced.quantity<Hertz>("sustained_clock"));
  table.refuse_unknown_keys();
  return a;
}

}  // namespace

std::optional<Sourced<FlopPerSecond>> Accelerator::peak_of(Precision precision) const {
  return rate_of(peak, precision);
}

std::optional<Sourced<FlopPerSecond>> Accelerator::matmul_of(Precision precision) const {
  return rate_of(matmul, precision);
}

std::optional<Sourced<FlopPerSecond>> Accelerator::sustained_of(Precision precision) const {
  return rate_of(sustained, precision == Precision::fp16 ? Precision::bf16 : precision);
}

std::map<std::string, Accelerator> read_accelerators(const std::filesystem::path& file) {
  return read_named_tables<Accelerator>(file, read_one);
}

}  // namespace fleetwright
