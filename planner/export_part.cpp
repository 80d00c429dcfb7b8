#include "planner/export_part.hpp"

#include <fmt/format.h>

#include <array>
#include <sstream>
#include <utility>

#include "models/core/csv_table.hpp"
#include "models/core/diagnostics.hpp"
#include "models/core/suggest.hpp"

namespace fleetwright {
namespace {

struct Format {
  const char* name;
  double bits;
  std::optional<Precision> precision;  // where accelerators.toml has it
};

// A part reaches the same TPP in several formats as a rule: the first of these names it.
constexpr std::array formats{Format{"fp8", 8, Precision::fp8}, Format{"fp16", 16, Precision::fp16},
                             Format{"bf16", 16, Precision::bf16}, Format{"int8", 8, std::nullopt},
                             Format{"fp4", 4, Precision::fp4}};

// PCIe x16, both directions, in GB/s, by generation (PCI-SIG).
constexpr std::array<std::pair<int, double>, 4> pcie_x16{{{3, 32}, {4, 64}, {5, 128}, {6, 256}}};

/// One row of the file, with errors that say where.
class PartRow {
 public:
  PartRow(const CsvTable& table, std::size_t row) : table_(&table), row_(row) {}

  [[nodiscard]] const std::string& text(std::string_view column) const {
    return table_->text(row_, column);
  }
  [[nodiscard]] std::optional<double> number(std::string_view column) const {
    return table_->number(row_, column);
  }
  [[nodiscard]] double required(std::string_view column) const {
    return table_->required_number(row_, column);
  }
  [[noreturn]] void fail(std::string_view column, std::string message,
                         std::string suggestion = "") const {
    throw ScenarioError({{table_->where(row_, column), std::move(message), std::move(suggestion)}});
  }
  template <typename T>
  [[nodiscard]] T word(std::string_view column,
                       const std::vector<std::pair<std::string, T>>& words) const {
    std::vector<std::string> known;
    for (const auto& [name, value] : words) {
      if (name == text(column)) return value;
      known.push_back(name);
    }
    fail(column, fmt::format("'{}' is no {}", text(column), column),
         did_you_mean(text(column), known));
  }
  [[nodiscard]] std::vector<std::string> words(std::string_view column) const {
    std::istringstream in(text(column));
    std::vector<std::string> result;
    for (std::string w; in >> w;) result.push_back(w);
    return result;
  }

 private:
  const CsvTable* table_;
  std::size_t row_;
};

std::optional<double> tera_rate(const PartRow& row, const Format& format,
                                const Accelerator* accelerator) {
  if (const auto given = row.number(format.name)) return given;
  if (accelerator == nullptr || !format.precision) return std::nullopt;
  const auto peak = accelerator->peak.find(*format.precision);
  if (peak == accelerator->peak.end()) return std::nullopt;
  return peak->second.value.si() / 1e12;
}

void read_performance(const PartRow& row, const Accelerator* accelerator, ExportPart& part) {
  for (const Format& format : formats) {
    const auto rate = tera_rate(row, format, accelerator);
    if (!rate || *rate * format.bits <= part.tpp) continue;
    part.tpp = *rate * format.bits;
    part.tpp_basis = format.name;
  }
  if (part.tpp <= 0) row.fail("fp16", fmt::format("{} has no rate", part.id));
}

double pcie_rate(const PartRow& row) {
  const auto generation = row.number("pcie");
  if (!generation) return 0;
  for (const auto& [known, rate] : pcie_x16) {
    if (*generation == known) return rate;
  }
  row.fail("pcie", fmt::format("PCIe generation {} is not known", row.text("pcie")), "3 to 6");
}

ExportPart read_part(const PartRow& row, const std::map<std::string, Accelerator>& accelerators) {
  constexpr double giga = 1e9;
  ExportPart part;
  part.id = row.text("id");
  part.name = row.text("name");
  part.vendor = row.text("vendor");
  const auto found = accelerators.find(part.id);
  const Accelerator* accelerator = found == accelerators.end() ? nullptr : &found->second;
  read_performance(row, accelerator, part);
  part.die_area = row.number("die_area_mm2");
  part.io = BytesPerSecond{(row.required("scale_up_total_gbs") + pcie_rate(row)) * giga};
  if (row.text("memory_bandwidth_gbs").empty() && accelerator != nullptr) {
    part.memory_bandwidth = accelerator->memory_bandwidth.value;
  } else {
    part.memory_bandwidth = BytesPerSecond{row.required("memory_bandwidth_gbs") * giga};
  }
  part.datacentre = row.word<bool>("datacentre", {{"yes", true}, {"no", false}});
  part.sale = row.word<ExportPart::Sale>("sale", {{"sold", ExportPart::Sale::sold},
                                                  {"rented", ExportPart::Sale::rented},
                                                  {"prc", ExportPart::Sale::prc},
                                                  {"unsold", ExportPart::Sale::unsold}});
  part.us_market = row.word<ExportPart::UsMarket>(
      "us_market", {{"yes", ExportPart::UsMarket::yes},
                    {"no", ExportPart::UsMarket::no},
                    {"end-of-life", ExportPart::UsMarket::end_of_life},
                    {"notional", ExportPart::UsMarket::notional}});
  part.uncertain = row.words("uncertain");
  part.sources = row.words("source");
  if (part.sources.empty()) row.fail("source", fmt::format("{} has no source", part.id));
  part.note = row.text("note");
  return part;
}

}  // namespace

std::optional<double> ExportPart::density() const {
  if (!die_area) return std::nullopt;
  return tpp / *die_area;
}

std::vector<ExportPart> read_export_parts(const std::filesystem::path& file,
                                          const std::map<std::string, Accelerator>& accelerators) {
  const CsvTable table = CsvTable::read(file);
  std::vector<ExportPart> parts;
  for (std::size_t row = 0; row < table.rows(); ++row) {
    parts.push_back(read_part(PartRow(table, row), accelerators));
  }
  return parts;
}

}  // namespace fleetwright
