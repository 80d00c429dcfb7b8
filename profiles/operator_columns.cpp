#include "profiles/operator_columns.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "models/core/error.hpp"

namespace fleetwright {
namespace {

// What each kind of operator is made of, once for reading and writing. `io` has number(column,
// value), precision(value) and flag(word, value).

template <typename Io>
void weight_gradient(Io& io, GemmPass& pass) {
  bool weight = pass == GemmPass::weight_gradient;
  io.flag("weight_gradient", weight);
  pass = weight ? GemmPass::weight_gradient : GemmPass::forward;
}

template <typename Io>
void describe_fields(Io& io, Gemm& g) {
  io.precision(g.precision);
  weight_gradient(io, g.pass);
  if (g.pass == GemmPass::weight_gradient) io.number("bytes_per_element", g.gradient_bytes);
  io.number("m", g.m);
  io.number("n", g.n);
  io.number("k", g.k);
}

template <typename Io>
void describe_fields(Io& io, GroupedGemm& g) {
  io.precision(g.precision);
  weight_gradient(io, g.pass);
  if (g.pass == GemmPass::weight_gradient) io.number("bytes_per_element", g.gradient_bytes);
  io.number("groups", g.groups);
  io.number("m", g.m);
  io.number("n", g.n);
  io.number("k", g.k);
}

template <typename Io>
void describe_fields(Io& io, Attention& a) {
  io.precision(a.precision);
  io.flag("backward", a.backward);
  io.number("batch", a.batch);
  io.number("queries", a.queries);
  io.number("keys", a.keys);
  io.number("heads", a.heads);
  io.number("kv_heads", a.kv_heads);
  io.number("d_qk", a.d_qk);
  io.number("d_v", a.d_v);
  io.number("window", a.window);
}

template <typename Io>
void describe_fields(Io& io, Norm& n) {
  io.flag("backward", n.backward);
  io.number("rows", n.rows);
  io.number("columns", n.columns);
}

template <typename Io>
void describe_fields(Io& io, Elementwise& e) {
  io.flag("backward", e.backward);
  io.flag("gated", e.gated);
  io.flag("quantized", e.quantized);
  io.number("rows", e.rows);
  io.number("columns", e.columns);
}

template <typename Io>
void describe_fields(Io& io, Quantize& q) {
  io.flag("transpose", q.transpose);
  io.flag("back", q.back);
  io.flag("square", q.square);
  io.number("rows", q.rows);
  io.number("columns", q.columns);
  io.number("bytes_per_element", q.stored_bytes);
}

template <typename Io>
void describe_fields(Io& io, Router& r) {
  io.flag("backward", r.backward);
  io.number("rows", r.tokens);
  io.number("experts", r.experts);
  io.number("active", r.active);
}

template <typename Io>
void describe_fields(Io& io, Permute& p) {
  io.flag("reduce", p.reduce);
  io.number("rows", p.rows);
  io.number("columns", p.columns);
  io.number("tokens", p.tokens);
  io.number("bytes_per_element", p.bytes_per_element);
}

template <typename Io>
void describe_fields(Io& io, ExpertMapping& m) {
  io.number("rows", m.rows);
  io.number("active", m.active);
}

template <typename Io>
void describe_fields(Io& io, Embedding& e) {
  io.flag("backward", e.backward);
  io.number("rows", e.tokens);
  io.number("columns", e.hidden);
}

template <typename Io>
void describe_fields(Io& io, Loss& l) {
  io.flag("backward", l.backward);
  io.number("rows", l.tokens);
  io.number("columns", l.vocabulary);
}

template <typename Io>
void describe_fields(Io& io, OptimizerUpdate& o) {
  io.number("rows", o.parameters);
  io.number("bytes_per_element", o.bytes_per_parameter);
}

class CellWriter {
 public:
  CellWriter() : cells_(operator_columns().size()) {}

  void number(std::string_view column, double value) { put(column, fmt::format("{}", value)); }
  void number(std::string_view column, int value) { put(column, fmt::format("{}", value)); }
  void precision(Precision p) { put("precision", std::string(to_string(p))); }
  void flag(std::string_view word, bool set) {
    if (set) flags_.emplace_back(word);
  }
  void put(std::string_view column, std::string text) {
    const auto it = std::ranges::find(operator_columns(), column);
    ensure(it != operator_columns().end(), "an operator's field must have a column");
    cells_[static_cast<std::size_t>(it - operator_columns().begin())] = std::move(text);
  }
  [[nodiscard]] std::vector<std::string> finish() {
    put("flags", fmt::format("{}", fmt::join(flags_, " ")));
    return std::move(cells_);
  }

 private:
  std::vector<std::string> cells_;
  std::vector<std::string> flags_;
};

class CellReader {
 public:
  CellReader(const CsvTable& table, std::size_t row) : table_(table), row_(row) {
    const std::string& text = table.text(row, "flags");
    for (std::size_t at = 0; at < text.size();) {
      const std::size_t end = std::min(text.find(' ', at), text.size());
      if (end > at) flags_.push_back(text.substr(at, end - at));
      at = end + 1;
    }
  }

  void number(std::string_view column, double& value) {
    value = table_.required_number(row_, column);
    if (value < 0) fail(column, fmt::format("{} must not be negative", column));
  }
  void number(std::string_view column, int& value) { value = table_.required_count(row_, column); }
  void precision(Precision& p) {
    try {
      p = parse_precision(table_.text(row_, "precision"));
    } catch (const std::invalid_argument& e) {
      fail("precision", e.what());
    }
  }
  void flag(std::string_view word, bool& set) { set = std::erase(flags_, word) > 0; }

  /// Whatever is left was not understood.
  void finish() const {
    if (!flags_.empty()) fail("flags", fmt::format("no such flag here: '{}'", flags_.front()));
  }
  [[noreturn]] void fail(std::string_view column, std::string message) const {
    throw ScenarioError({{table_.where(row_, column), std::move(message), ""}});
  }

 private:
  const CsvTable& table_;
  std::size_t row_;
  std::vector<std::string> flags_;
};

Elementwise streaming(ElementwiseKind kind) {
  Elementwise e;
  e.kind = kind;
  return e;
}

// An operator of the kind that the kernel's name says, to be filled in. What the name says beyond
// the kind (forward, quantized ...) stands in the flags too.
std::optional<Operator> blank_of(std::string_view kernel) {
  if (kernel == "gemm") return Gemm{};
  if (kernel == "grouped_gemm") return GroupedGemm{};
  if (kernel.starts_with("attention_")) return Attention{};
  if (kernel.starts_with("rmsnorm_")) return Norm{};
  if (kernel.starts_with("quantize_") || kernel.starts_with("dequantize_")) return Quantize{};
  if (kernel.starts_with("swiglu_")) return streaming(ElementwiseKind::activation);
  if (kernel == "rope") return streaming(ElementwiseKind::rope);
  if (kernel == "copy") return streaming(ElementwiseKind::copy);
  if (kernel == "softmax") return streaming(ElementwiseKind::softmax);
  if (kernel == "broadcast_rope_key") return streaming(ElementwiseKind::broadcast);
  if (kernel == "transpose_fp8") return streaming(ElementwiseKind::transpose_weight);
  if (kernel == "residual_add") return streaming(ElementwiseKind::residual_add);
  if (kernel.starts_with("router_")) return Router{};
  if (kernel == "permute" || kernel == "unpermute_reduce") return Permute{};
  if (kernel == "moe_mapping") return ExpertMapping{};
  if (kernel == "embedding") return Embedding{};
  if (kernel == "loss") return Loss{};
  if (kernel == "optimizer_update") return OptimizerUpdate{};
  return std::nullopt;
}

template <typename Io>
void describe_fields(Io&, CollectiveCall&) {
  ensure(false, "collectives are not measured as kernels");
}

}  // namespace

const std::vector<std::string>& operator_columns() {
  static const std::vector<std::string> columns{
      "kernel", "precision", "flags",   "groups", "m",        "n",      "k",
      "batch",  "queries",   "keys",    "heads",  "kv_heads", "d_qk",   "d_v",
      "window", "rows",      "columns", "tokens", "experts",  "active", "bytes_per_element"};
  return columns;
}

std::vector<std::string> operator_cells(const Operator& op) {
  CellWriter writer;
  writer.put("kernel", std::string(kernel_name(op)));
  Operator fields = op;
  std::visit([&](auto& of) { describe_fields(writer, of); }, fields);
  return writer.finish();
}

std::optional<Operator> operator_of(const CsvTable& table, std::size_t row) {
  const std::string& kernel = table.text(row, "kernel");
  std::optional<Operator> op = blank_of(kernel);
  if (!op) return std::nullopt;
  CellReader reader(table, row);
  std::visit([&](auto& of) { describe_fields(reader, of); }, *op);
  reader.finish();
  if (kernel_name(*op) != kernel) {
    reader.fail("kernel", fmt::format("the flags and dimensions are those of '{}', not of '{}'",
                                      kernel_name(*op), kernel));
  }
  return op;
}

}  // namespace fleetwright
