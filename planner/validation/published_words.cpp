#include "planner/validation/published_words.hpp"

#include <algorithm>
#include <cctype>

#include "models/core/toml_table.hpp"

namespace fleetwright {
namespace {

std::string lower(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return out;
}

bool has_all(const std::string& text, const std::vector<std::string>& words) {
  return std::ranges::all_of(
      words, [&](const std::string& word) { return text.find(word) != std::string::npos; });
}

template <typename T>
T needed(TomlTable& table, std::string_view key, const std::optional<T>& value,
         std::string_view example) {
  table.require(key, example);
  return value.value_or(T{});
}

std::vector<std::string> words_of(TomlTable& table) {
  return needed(table, "words", table.texts("words"), "[\"nemo\"]");
}

std::optional<Recompute> recompute_of(TomlTable& table) {
  const auto word = table.choice("recompute", {"none", "selective", "full"});
  if (!word) return std::nullopt;
  if (word == "full") return Recompute::full;
  return word == "selective" ? Recompute::selective : Recompute::none;
}

}  // namespace

PublishedWords PublishedWords::read(const std::filesystem::path& file) {
  const TomlMap document = parse_toml_file(file);
  Diagnostics diagnostics;
  TomlTable root(document, {file.string(), 1, 1}, "", diagnostics);
  PublishedWords result;
  for (TomlTable& table : root.tables("framework")) {
    Framework f;
    f.words = words_of(table);
    f.source = table.texts("source").value_or(std::vector<std::string>{});
    f.precision = table.text("precision").value_or("");
    f.software = needed(table, "software", table.text("software"), "\"megatron-core\"");
    f.recompute = recompute_of(table).value_or(Recompute::none);
    table.require("recompute", "\"none\"");
    f.zero_stage = static_cast<int>(table.number("zero", {0.0, 3.0}).value_or(0));
    for (TomlTable& row : table.tables("micro_batch")) {
      MicroBatch& m = f.micro_batches.emplace_back();
      m.up_to_hidden = needed(row, "up_to_hidden", row.number("up_to_hidden", {1.0, 1e9}), "4096");
      m.sequences = static_cast<int>(needed(row, "is", row.number("is", {1.0, 1e6}), "4"));
      row.refuse_unknown_keys();
    }
    f.first_rank_memory = table.boolean("first_rank_memory").value_or(false);
    f.ties_below = table.number("ties_embeddings_below_ffn", {0.0, 1e9}).value_or(0);
    table.refuse_unknown_keys();
    result.frameworks_.push_back(std::move(f));
  }
  for (TomlTable& table : root.tables("recipe")) {
    Recipe r;
    r.words = words_of(table);
    r.precision = needed(table, "precision", table.text("precision"), "\"bf16\"");
    r.software = table.text("software").value_or("");
    r.recipe = needed(table, "recipe", table.text("recipe"), "\"bf16\"");
    table.refuse_unknown_keys();
    result.recipes_.push_back(std::move(r));
  }
  for (TomlTable& table : root.tables("option")) {
    Option o;
    o.words = words_of(table);
    o.overlap_gradient_reduction = table.boolean("overlap_gradient_reduction");
    o.overlap_parameter_gather = table.boolean("overlap_parameter_gather");
    o.at_least = static_cast<int>(table.number("gpus_at_least", {1.0, 1e6}).value_or(1));
    o.send_wait = table.quantity<Seconds>("send_wait");
    o.kernel_launch = table.quantity<Seconds>("kernel_launch");
    o.expert_overlap = table.number("expert_overlap", {0.0, 1.0});
    o.tensor_overlap = table.number("tensor_overlap", {0.0, 1.0});
    o.fused_loss = table.boolean("fused_loss");
    o.chunked_loss = table.boolean("chunked_loss");
    o.optimizer_on_host = table.boolean("optimizer_on_host");
    o.fused_activation = table.boolean("fused_activation");
    o.fused_clamped_activation = table.boolean("fused_clamped_activation");
    o.fused_experts = table.boolean("fused_experts");
    o.sorts_exchanged_tokens = table.boolean("sorts_exchanged_tokens");
    o.fp8_attention = table.boolean("fp8_attention");
    o.recomputes_expert_activation = table.boolean("recomputes_expert_activation");
    o.bf16_gradients = table.boolean("bf16_gradients");
    o.selective_recompute =
        table.choice("selective_recompute", {"norms", "core-attention", "per-operator"});
    o.attention_libraries = table.texts("attention_libraries");
    o.expert_libraries = table.texts("expert_libraries");
    o.recompute = recompute_of(table);
    o.expert_exchange = table.choice("expert_exchange", {"node-limited", "pairwise"});
    table.refuse_unknown_keys();
    result.options_.push_back(std::move(o));
  }
  root.refuse_unknown_keys();
  diagnostics.throw_if_any();
  return result;
}

int PublishedWords::Framework::micro_batch(double hidden) const {
  const auto wide_enough = std::ranges::find_if(
      micro_batches, [&](const MicroBatch& m) { return hidden <= m.up_to_hidden; });
  return wide_enough == micro_batches.end() ? 1 : wide_enough->sequences;
}

std::optional<PublishedWords::Framework> PublishedWords::framework(
    std::string_view text, std::string_view source, std::string_view precision) const {
  const std::string known = lower(text), published = lower(source);
  for (const Framework& f : frameworks_) {
    if (!f.precision.empty() && f.precision != precision) continue;
    if (has_all(known, f.words) && has_all(published, f.source)) return f;
  }
  return std::nullopt;
}

std::optional<std::string> PublishedWords::recipe(std::string_view precision,
                                                  std::string_view options,
                                                  std::string_view software) const {
  const std::string text = lower(options);
  for (const Recipe& r : recipes_) {
    if (r.precision != precision || (!r.software.empty() && r.software != software)) continue;
    if (has_all(text, r.words)) return r.recipe;
  }
  return std::nullopt;
}

Recompute PublishedWords::recompute(std::string_view words, Recompute usual) const {
  const std::string text = lower(words);
  for (const Option& o : options_) {
    if (o.recompute && has_all(text, o.words)) return *o.recompute;
  }
  return usual;
}

void PublishedWords::apply_options(std::string_view words, int gpus, SoftwareStack& stack) const {
  const std::string text = lower(words);
  const std::string source = "words of the case (published_words.toml)";
  const Provenance stated{ProvenanceKind::published, source};
  // That it overlaps is stated, how much of it is not.
  const Provenance supposed{ProvenanceKind::assumed, source};
  const auto take = [](const auto& value, auto& property, const Provenance& provenance) {
    if (value) property = {*value, provenance};
  };
  for (const Option& o : options_) {
    if (gpus < o.at_least || !has_all(text, o.words)) continue;
    if (o.attention_libraries) stack.attention_libraries = *o.attention_libraries;
    if (o.expert_libraries) stack.expert_libraries = *o.expert_libraries;
    take(o.expert_exchange, stack.expert_exchange, stated);
    take(o.kernel_launch, stack.operator_launch, stated);
    take(o.kernel_launch, stack.kernel_launch, stated);
    take(o.send_wait, stack.send_wait, supposed);
    take(o.expert_overlap, stack.expert_overlap, supposed);
    take(o.tensor_overlap, stack.tensor_overlap, supposed);
    take(o.fused_activation, stack.fused_activation, stated);
    take(o.fused_clamped_activation, stack.fused_clamped_activation, stated);
    take(o.fused_experts, stack.fused_experts, stated);
    take(o.sorts_exchanged_tokens, stack.sorts_exchanged_tokens, stated);
    take(o.recomputes_expert_activation, stack.recomputes_expert_activation, stated);
    take(o.bf16_gradients, stack.bf16_gradients, stated);
    take(o.fp8_attention, stack.fp8_attention, stated);
    take(o.selective_recompute, stack.selective_recompute, stated);
    take(o.fused_loss, stack.fused_loss, stated);
    take(o.chunked_loss, stack.chunked_loss, stated);
    take(o.optimizer_on_host, stack.optimizer_on_host, stated);
    take(o.overlap_gradient_reduction, stack.overlap_gradient_reduction, stated);
    take(o.overlap_parameter_gather, stack.overlap_parameter_gather, stated);
  }
}

}  // namespace fleetwright
