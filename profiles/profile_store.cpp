#include "profiles/profile_store.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cctype>
#include <optional>

#include "models/core/csv_table.hpp"
#include "profiles/measured_table.hpp"

namespace fleetwright {
namespace {

/// A row that is being read; keeps the table and the row together.
struct Row {
  const CsvTable& table;
  std::size_t index;

  [[nodiscard]] double number(std::string_view column) const {
    return table.required_number(index, column);
  }
  [[nodiscard]] int count(std::string_view column) const {
    return table.required_count(index, column);
  }
  [[nodiscard]] const std::string& text(std::string_view column) const {
    return table.text(index, column);
  }
  [[noreturn]] void fail(std::string_view column, std::string message) const {
    throw ScenarioError({{table.where(index, column), std::move(message), ""}});
  }
  [[nodiscard]] Precision precision() const {
    try {
      return parse_precision(text("precision"));
    } catch (const std::invalid_argument& e) {
      fail("precision", e.what());
    }
  }
  [[nodiscard]] bool is(std::string_view column, std::string_view yes, std::string_view no) const {
    const std::string& word = text(column);
    if (word != yes && word != no) {
      fail(column, fmt::format("{} must be {} or {}, not '{}'", column, yes, no, word));
    }
    return word == yes;
  }
};

Operator gemm_of(const Row& row) {
  const bool weight = row.is("pass", "wgrad", "fprop");
  const GemmPass pass = weight ? GemmPass::weight_gradient : GemmPass::forward;
  const double m = row.number("m"), n = row.number("n"), k = row.number("k");
  const double groups = row.number("groups");
  if (groups == 1) return Gemm{m, n, k, row.precision(), pass};
  return GroupedGemm{groups, m, n, k, row.precision(), pass};
}

std::optional<Operator> attention_of(const Row& row) {
  if (row.number("causal") == 0) return std::nullopt;  // training masks the future
  Attention a;
  a.batch = row.number("batch");
  a.queries = a.keys = row.number("seq");
  a.heads = row.count("heads");
  a.kv_heads = row.count("kv_heads");
  a.d_qk = row.count("d_qk");
  a.d_v = row.count("d_v");
  a.window = row.number("window");
  a.precision = row.precision();
  a.backward = row.is("pass", "backward", "forward");
  return a;
}

Elementwise elementwise(ElementwiseKind kind, double rows, double columns) {
  Elementwise e;
  e.kind = kind;
  e.rows = rows;
  e.columns = columns;
  return e;
}

// The operators of memory_bound.csv that a layer emits; others there are kept for reference.
std::optional<Operator> streaming_of(const Row& row) {
  const std::string& name = row.text("operator");
  const double rows = row.number("rows"), columns = row.number("columns");
  const double bytes = row.number("bytes");
  if (name == "rmsnorm_forward") return Norm{rows, columns, false};
  if (name == "rmsnorm_backward") return Norm{rows, columns, true};
  if (name == "quantize_1x128") return Quantize{rows, columns, false};
  if (name == "quantize_transpose_1x128") return Quantize{rows, columns, true};
  if (name == "dequantize_1x128") return Quantize{rows, columns, false, true};
  if (name == "quantize_12bit") return Quantize{rows, columns, false, false, 1.5};
  if (name == "dequantize_12bit") return Quantize{rows, columns, false, true, 1.5};
  if (name == "moe_mapping") return ExpertMapping{rows, row.count("columns")};
  if (name == "rope") return elementwise(ElementwiseKind::rope, rows, columns);
  if (name == "copy") return elementwise(ElementwiseKind::copy, bytes / 4, 1);
  if (name == "residual_add") return elementwise(ElementwiseKind::residual_add, rows, columns);
  if (name == "broadcast_rope_key") return elementwise(ElementwiseKind::broadcast, rows, columns);
  if (name == "transpose_fp8") return elementwise(ElementwiseKind::transpose_weight, rows, columns);
  if (name == "router_forward" || name == "router_backward") {
    return Router{rows, row.count("columns"), 8, name == "router_backward"};
  }
  if (name == "swiglu_forward_quantize" || name == "swiglu_backward") {
    Elementwise e = elementwise(ElementwiseKind::activation, rows, columns);
    e.gated = true;
    e.backward = name == "swiglu_backward";
    // Expert rows write the recomputed product too (12 bytes an element instead of 10).
    e.quantized = !e.backward || bytes > 11 * rows * columns;
    return e;
  }
  // Distinct tokens follow from the traffic: (rows + distinct) x columns x bytes an element.
  if (name == "permute") {
    const double element = 1.0 + 4.0 / 128.0;
    return Permute{rows, bytes / (columns * element) - rows, columns, element, false};
  }
  if (name == "unpermute_reduce") {
    return Permute{rows, bytes / (columns * 2) - rows, columns, 2, true};
  }
  return std::nullopt;
}

template <typename Convert>
void read_kernels(const std::filesystem::path& file, Convert convert,
                  std::vector<KernelSample>& samples) {
  if (!std::filesystem::exists(file)) return;
  const CsvTable table = CsvTable::read(file);
  for (std::size_t i = 0; i < table.rows(); ++i) {
    const Row row{table, i};
    if (row.text("confidence") == "low") continue;
    const std::optional<Operator> op = convert(row);
    if (!op) continue;
    samples.push_back({*op, row.text("library"), row.number("sms"),
                       Seconds{row.number("time_us") * 1e-6}, ProvenanceKind::published,
                       row.text("source"), ""});
  }
}

void read_measured(const std::filesystem::path& file, std::vector<KernelSample>& samples) {
  if (!std::filesystem::exists(file)) return;
  const MeasuredTable table = read_measured_table(file);
  for (const MeasuredKernel& kernel : table.kernels) {
    if (!kernel.op) continue;
    const MeasuringSession& session = table.sessions[kernel.session];
    samples.push_back(
        {*kernel.op, kernel.library, kernel.sms, kernel.median, ProvenanceKind::measured,
         fmt::format("{} on {}, {}", kernel.library, session.gpu, session.date), session.date});
  }
}

void read_collectives(const std::filesystem::path& file, std::vector<CollectiveSample>& samples) {
  if (!std::filesystem::exists(file)) return;
  const CsvTable table = CsvTable::read(file);
  for (std::size_t i = 0; i < table.rows(); ++i) {
    const Row row{table, i};
    if (row.text("confidence") == "low") continue;
    samples.push_back({row.text("library"), row.text("collective"), row.count("ranks"),
                       row.count("ranks_per_node"), Bytes{row.number("bytes")},
                       Seconds{row.number("time_us") * 1e-6}, row.text("source")});
  }
}

void read_expert_parallel(const std::filesystem::path& file,
                          std::vector<ExpertParallelSample>& samples) {
  if (!std::filesystem::exists(file)) return;
  const CsvTable table = CsvTable::read(file);
  for (std::size_t i = 0; i < table.rows(); ++i) {
    const Row row{table, i};
    // Low-latency kernels serve decoding; training uses the others.
    if (row.text("confidence") == "low" || row.text("mode") != "normal") continue;
    samples.push_back({row.text("library"), row.text("operation"), row.count("nodes"),
                       row.count("ranks"), row.number("tokens"), row.number("hidden"),
                       row.count("topk"), row.count("experts"), row.number("sms"),
                       Seconds{row.number("time_us") * 1e-6}, row.text("source")});
  }
}

}  // namespace

ProfileStore::ProfileStore(std::filesystem::path root) : root_(std::move(root)) {}

const AcceleratorProfile& ProfileStore::profile(const std::string& accelerator) const {
  const std::scoped_lock lock(mutex_);
  auto& slot = profiles_[accelerator];
  if (slot) return *slot;
  auto profile = std::make_unique<AcceleratorProfile>();
  profile->accelerator = accelerator;
  std::string folder = accelerator;
  std::ranges::transform(folder, folder.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  read_measured(root_ / "measured" / folder / "kernels.csv", profile->kernels);
  const std::filesystem::path published = root_ / "published" / folder;
  read_kernels(
      published / "gemm.csv", [](const Row& r) { return std::optional(gemm_of(r)); },
      profile->kernels);
  read_kernels(published / "attention.csv", attention_of, profile->kernels);
  read_kernels(published / "memory_bound.csv", streaming_of, profile->kernels);
  read_collectives(published / "collectives.csv", profile->collectives);
  read_expert_parallel(published / "expert_parallel.csv", profile->expert_parallel);
  slot = std::move(profile);
  return *slot;
}

}  // namespace fleetwright
