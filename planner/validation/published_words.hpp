#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "models/strategy.hpp"
#include "profiles/software_stack.hpp"

namespace fleetwright {

/// What the words of publishers stand for: frameworks, number formats, options. From a data file;
/// of each kind the first entry decides whose words all stand in the text, whatever their case.
class PublishedWords {
 public:
  struct MicroBatch {
    double up_to_hidden = 0;
    int sequences = 1;
  };
  struct Framework {
    std::vector<std::string> words, source;  // of its name and of the publication
    std::string precision;                   // of the cases it speaks of; empty: any
    std::string software;
    Recompute recompute = Recompute::none;  // usual, where a case does not say
    int zero_stage = 0;                     // the same
    std::vector<MicroBatch> micro_batches;  // the same, by width of the model; none: 1
    double ties_below = 0;  // embeddings are tied where the feed-forward is narrower than this
    bool first_rank_memory = false;  // the memory published is that of the first pipeline rank
    /// Sequences in a micro-batch of a model so wide, where a case does not say.
    [[nodiscard]] int micro_batch(double hidden) const;
  };

  /// Throws ScenarioError (located) and Error.
  [[nodiscard]] static PublishedWords read(const std::filesystem::path& file);

  /// Nothing if no entry knows the framework.
  [[nodiscard]] std::optional<Framework> framework(std::string_view text, std::string_view source,
                                                   std::string_view precision) const;
  /// The precision recipe for a number format, or nothing.
  [[nodiscard]] std::optional<std::string> recipe(std::string_view precision,
                                                  std::string_view options,
                                                  std::string_view software) const;
  /// What an option says of recomputation, else `usual`.
  [[nodiscard]] Recompute recompute(std::string_view words, Recompute usual) const;
  /// Changes what a case's words (framework, model, options, source) and size say of the stack.
  void apply_options(std::string_view words, int gpus, SoftwareStack& stack) const;

 private:
  struct Recipe {
    std::vector<std::string> words;
    std::string precision, software, recipe;
  };
  struct Option {
    std::vector<std::string> words;
    int at_least = 1;  // GPUs of the cases that it speaks of
    std::optional<bool> overlap_gradient_reduction, overlap_parameter_gather;
    std::optional<std::vector<std::string>> attention_libraries, expert_libraries;
    std::optional<Seconds> kernel_launch, send_wait;
    std::optional<double> expert_overlap;
    std::optional<double> tensor_overlap;
    std::optional<bool> chunked_loss;
    std::optional<bool> optimizer_on_host;
    std::optional<bool> fused_loss, fused_activation, fused_clamped_activation, fused_experts;
    std::optional<bool> sorts_exchanged_tokens, recomputes_expert_activation, fp8_attention,
        bf16_gradients;
    std::optional<std::string> selective_recompute, expert_exchange;
    std::optional<Recompute> recompute;
  };
  std::vector<Framework> frameworks_;
  std::vector<Recipe> recipes_;
  std::vector<Option> options_;
};

}  // namespace fleetwright
