#include "planner/validation/case_file.hpp"

#include <fmt/format.h>

#include <array>
#include <cmath>
#include <set>

#include "models/core/csv_table.hpp"
#include "models/core/suggest.hpp"
#include "models/core/text_file.hpp"

namespace fleetwright {
namespace {

constexpr std::array columns{"id",
                             "core",
                             "family",
                             "source",
                             "model",
                             "arch",
                             "layers",
                             "hidden",
                             "heads",
                             "kv_heads",
                             "head_dim",
                             "ffn",
                             "mlp",
                             "vocab",
                             "seq_len",
                             "experts",
                             "topk",
                             "shared_experts",
                             "moe_ffn",
                             "first_dense_layers",
                             "mla_q_rank",
                             "mla_kv_rank",
                             "gpu",
                             "gpus",
                             "gpus_per_node",
                             "network",
                             "precision",
                             "tp",
                             "pp",
                             "vpp",
                             "cp",
                             "ep",
                             "etp",
                             "dp",
                             "sp",
                             "zero",
                             "recompute",
                             "schedule",
                             "micro_batch",
                             "global_batch",
                             "framework",
                             "options",
                             "step_time_s",
                             "peak_memory_GB",
                             "notes"};

// No published figure is near: it only keeps slips out of integers.
constexpr double most = 1e8;

/// Reads the cells of one row; what is wrong with one is noted, and reading goes on.
class RowReader {
 public:
  RowReader(const CsvTable& table, std::size_t row, Diagnostics& wrong)
      : table_(table), row_(row), wrong_(wrong) {}

  [[nodiscard]] const std::string& text(std::string_view column) const {
    return table_.text(row_, column);
  }
  [[nodiscard]] SourceLocation where(std::string_view column) const {
    return table_.where(row_, column);
  }

  std::optional<double> number(std::string_view column) {
    try {
      return table_.number(row_, column);
    } catch (const ScenarioError& e) {
      for (const Diagnostic& d : e.diagnostics()) wrong_.add(d.where, d.message, d.suggestion);
      return std::nullopt;
    }
  }

  /// A positive quantity.
  std::optional<double> positive(std::string_view column) {
    const auto value = number(column);
    if (!value || *value > 0) return value;
    fail(column, fmt::format("{} must be positive, not {:g}", column, *value));
    return std::nullopt;
  }

  std::optional<int> count(std::string_view column, int least) {
    const auto value = number(column);
    if (!value) return std::nullopt;
    if (*value != std::floor(*value) || *value < least || *value > most) {
      fail(column, fmt::format("{} must be a whole number from {} on, not '{}'", column, least,
                               text(column)));
      return std::nullopt;
    }
    return static_cast<int>(*value);
  }

  int required_count(std::string_view column, int least) {
    if (text(column).empty()) fail(column, fmt::format("column '{}' is empty", column));
    return count(column, least).value_or(std::max(1, least));
  }

  /// One of the words, or nothing where the cell is empty.
  std::optional<std::string> word(std::string_view column, const std::vector<std::string>& words) {
    const std::string& cell = text(column);
    if (cell.empty()) return std::nullopt;
    for (const std::string& w : words) {
      if (w == cell) return cell;
    }
    fail(column, fmt::format("unknown {} '{}'", column, cell), did_you_mean(cell, words));
    return std::nullopt;
  }

  std::optional<bool> flag(std::string_view column) {
    const auto value = word(column, {"0", "1"});
    if (!value) return std::nullopt;
    return *value == "1";
  }

  /// Whether `count` parts of a layer are together as wide as one may be.
  bool has_width(std::string_view column, int count, int each) {
    if (static_cast<double>(count) * each <= most) return true;
    fail(column, fmt::format("{} times {} columns are more than a layer has", count, each));
    return false;
  }

  void fail(std::string_view column, std::string message, std::string suggestion = {}) {
    wrong_.add(where(column), std::move(message), std::move(suggestion));
  }

 private:
  const CsvTable& table_;
  std::size_t row_;
  Diagnostics& wrong_;
};

// DeepSeek's latent attention has a rotary part of 64 beside each head's own dimension, in all of
// its models and those that took it over; no column says so.
constexpr int latent_rope = 64;

void read_experts(RowReader& in, ModelConfig& m) {
  MixtureOfExperts moe;
  moe.experts = in.count("experts", 1).value_or(0);
  if (moe.experts == 0) return;
  moe.active = in.required_count("topk", 1);
  moe.ffn_hidden = in.required_count("moe_ffn", 1);
  moe.shared_experts = in.count("shared_experts", 0).value_or(0);
  if (in.has_width("shared_experts", moe.shared_experts, moe.ffn_hidden)) {
    moe.shared_ffn_hidden = moe.shared_experts * moe.ffn_hidden;
  }
  moe.first_dense_layers = in.count("first_dense_layers", 0).value_or(0);
  if (moe.active > moe.experts) {
    in.fail("topk", fmt::format("a token cannot go to {} of {} experts", moe.active, moe.experts));
  }
  m.moe = moe;
}

void read_attention(RowReader& in, ModelConfig& m) {
  m.heads = in.required_count("heads", 1);
  m.kv_heads = in.count("kv_heads", 1).value_or(m.heads);
  m.head_dim = in.count("head_dim", 1).value_or(m.hidden / m.heads);
  if (m.kv_heads > m.heads) {
    in.fail("kv_heads",
            fmt::format("{} heads cannot share {} keys and values", m.heads, m.kv_heads));
  }
  const auto kv_rank = in.count("mla_kv_rank", 1);
  const auto q_rank = in.count("mla_q_rank", 0);
  if (!kv_rank) return;
  m.latent = LatentAttention{q_rank.value_or(0), *kv_rank, m.head_dim, latent_rope, m.head_dim};
  m.head_dim += latent_rope;
}

ModelConfig read_model(RowReader& in) {
  ModelConfig m;
  m.name = in.text("model");
  m.layers = in.required_count("layers", 1);
  m.hidden = in.required_count("hidden", 1);
  m.vocabulary = in.required_count("vocab", 1);
  const std::string mlp =
      in.word("mlp", {"gelu", "swiglu", "squared-relu"}).value_or(std::string("swiglu"));
  m.mlp = mlp == "gelu" ? MlpKind::gelu : mlp == "swiglu" ? MlpKind::swiglu : MlpKind::squared_relu;
  read_attention(in, m);
  in.has_width("heads", m.heads, m.head_dim);
  read_experts(in, m);
  const bool all_sparse = m.moe && m.moe->first_dense_layers == 0;
  m.ffn_hidden =
      all_sparse ? in.count("ffn", 1).value_or(m.moe->ffn_hidden) : in.required_count("ffn", 1);
  return m;
}

void read_strategy(RowReader& in, ValidationCase& c) {
  c.tp = in.count("tp", 1);
  c.pp = in.count("pp", 1);
  c.vpp = in.count("vpp", 1);
  c.cp = in.count("cp", 1);
  c.ep = in.count("ep", 1);
  c.etp = in.count("etp", 1);
  c.dp = in.count("dp", 1);
  c.sequence_parallel = in.flag("sp");
  if (const auto zero = in.word("zero", {"0", "1", "2", "3"})) c.zero_stage = std::stoi(*zero);
  if (const auto word = in.word("recompute", {"none", "selective", "full"})) {
    c.recompute = *word == "full"        ? Recompute::full
                  : *word == "selective" ? Recompute::selective
                                         : Recompute::none;
  }
  c.schedule = in.word("schedule", {"1f1b", "interleaved", "zero-bubble", "dualpipe"});
  c.micro_batch = in.count("micro_batch", 1);
  c.global_batch = in.required_count("global_batch", 1);
}

ValidationCase read_case(RowReader& in) {
  ValidationCase c;
  c.where = in.where("id");
  c.id = in.text("id");
  if (c.id.empty()) in.fail("id", "column 'id' is empty");
  c.family = in.text("family");
  c.source = in.text("source");
  c.core = in.flag("core").value_or(false);
  c.model = read_model(in);
  c.slides = in.text("arch").find("swa") != std::string::npos;
  c.sequence_length = in.required_count("seq_len", 1);
  c.gpu = in.text("gpu");
  c.gpus = in.required_count("gpus", 1);
  c.gpus_per_node = in.count("gpus_per_node", 1);
  c.network = in.text("network");
  c.precision = in.word("precision", {"bf16", "fp16", "fp8", "fp4", "fp32"}).value_or("");
  c.framework = in.text("framework");
  c.options = in.text("options");
  c.notes = in.text("notes");
  read_strategy(in, c);
  if (const auto time = in.positive("step_time_s")) c.measured_time = Seconds{*time};
  // GB as publishers print them: what the allocator calls GiB or GB by the same word.
  if (const auto memory = in.positive("peak_memory_GB")) c.measured_memory = Bytes{*memory * 1e9};
  return c;
}

void require_columns(const CsvTable& table, const std::string& file) {
  Diagnostics missing;
  for (const std::string_view column : columns) {
    if (!table.has(column)) {
      missing.add({file, 1, 1}, fmt::format("the header has no column '{}'", column),
                  did_you_mean(column, table.columns()));
    }
  }
  missing.throw_if_any();
}

}  // namespace

CaseFile parse_cases(std::string_view text, const std::string& file) {
  Diagnostics ragged;
  const CsvTable table = CsvTable::parse(text, file, ragged);
  require_columns(table, file);
  CaseFile result;
  result.wrong = ragged.all();
  std::set<std::string> ids;
  for (std::size_t row = 0; row < table.rows(); ++row) {
    Diagnostics wrong;
    RowReader in(table, row, wrong);
    ValidationCase c = read_case(in);
    if (!c.id.empty() && !ids.insert(c.id).second) {
      in.fail("id", fmt::format("the id '{}' stands twice", c.id));
    }
    c.wrong = wrong.all();
    result.wrong.insert(result.wrong.end(), c.wrong.begin(), c.wrong.end());
    result.cases.push_back(std::move(c));
  }
  return result;
}

CaseFile read_cases(const std::filesystem::path& file) {
  return parse_cases(read_text_file(file), file.string());
}

}  // namespace fleetwright
