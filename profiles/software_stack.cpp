#include "profiles/software_stack.hpp"

#include <utility>

#include "profiles/sourced_toml.hpp"

namespace fleetwright {
namespace {

SoftwareStack read_one(const std::string& id, TomlTable table) {
  SourcedReader sourced(table);
  const std::string_view form = "{ value = ..., kind = ..., source = ... }";
  const std::string_view list = "[\"...\"]";
  SoftwareStack s;
  s.id = id;
  s.name = required(table, "name", table.text("name"), "\"Megatron-Core\"");
  s.gemm_libraries = required(table, "gemm_libraries", table.texts("gemm_libraries"), list);
  s.attention_libraries =
      required(table, "attention_libraries", table.texts("attention_libraries"), list);
  s.memory_libraries = required(table, "memory_libraries", table.texts("memory_libraries"), list);
  s.expert_libraries = required(table, "expert_libraries", table.texts("expert_libraries"), list);
  s.fused_attention = required(table, "fused_attention", sourced.boolean("fused_attention"), form);
  const auto seconds = [&](std::string_view key) {
    return required(table, key, sourced.quantity<Seconds>(key), form);
  };
  s.communication_sms =
      required(table, "communication_sms", sourced.number("communication_sms"), form);
  s.reserves_communication_sms = required(table, "reserves_communication_sms",
                                          sourced.boolean("reserves_communication_sms"), form);
  s.expert_exchange = required(table, "expert_exchange", sourced.text("expert_exchange"), form);
  if (s.expert_exchange.value != "node-limited" && s.expert_exchange.value != "pairwise") {
    table.error("expert_exchange", "expert_exchange is \"node-limited\" or \"pairwise\"");
  }
  s.in_step_slowdown =
      required(table, "in_step_slowdown", sourced.number("in_step_slowdown"), form);
  s.expert_slowdown = required(table, "expert_slowdown", sourced.number("expert_slowdown"), form);
  s.tensor_scaled_slowdown =
      required(table, "tensor_scaled_slowdown", sourced.number("tensor_scaled_slowdown"), form);
  s.kernel_gap = seconds("kernel_gap");
  const auto flag = [&](std::string_view key) {
    return required(table, key, sourced.boolean(key), form);
  };
  s.operator_launch = seconds("operator_launch");
  s.kernel_launch = seconds("kernel_launch");
  s.spanning_collective_launch = seconds("spanning_collective_launch");
  s.send_wait = seconds("send_wait");
  s.grouped_kernels = flag("grouped_kernels");
  s.fused_activation = flag("fused_activation");
  s.fused_clamped_activation = flag("fused_clamped_activation");
  s.recomputes_expert_activation = flag("recomputes_expert_activation");
  s.fused_loss = flag("fused_loss");
  s.fused_experts = flag("fused_experts");
  s.sorts_exchanged_tokens = flag("sorts_exchanged_tokens");
  s.fp8_attention = flag("fp8_attention");
  s.bf16_gradients = flag("bf16_gradients");
  s.chunked_loss = flag("chunked_loss");
  s.optimizer_on_host = flag("optimizer_on_host");
  s.host_optimizer_rate =
      required(table, "host_optimizer_rate", sourced.number("host_optimizer_rate"), form);
  s.memory_overhead = required(table, "memory_overhead", sourced.number("memory_overhead"), form);
  s.fused_gradient_accumulation = flag("fused_gradient_accumulation");
  s.selective_recompute =
      required(table, "selective_recompute", sourced.text("selective_recompute"), form);
  s.recompute_stops_early = flag("recompute_stops_early");
  s.attention_in_blocks = flag("attention_in_blocks");
  s.scatters_sends = flag("scatters_sends");
  s.gradient_bucket = required(table, "gradient_bucket", sourced.number("gradient_bucket"), form);
  s.gradient_bucket_per_replica = required(table, "gradient_bucket_per_replica",
                                           sourced.number("gradient_bucket_per_replica"), form);
  s.overlap_gradient_reduction = required(table, "overlap_gradient_reduction",
                                          sourced.boolean("overlap_gradient_reduction"), form);
  s.overlap_parameter_gather = required(table, "overlap_parameter_gather",
                                        sourced.boolean("overlap_parameter_gather"), form);
  s.tensor_overlap = required(table, "tensor_overlap", sourced.number("tensor_overlap"), form);
  s.context_overlap = required(table, "context_overlap", sourced.number("context_overlap"), form);
  s.expert_overlap = required(table, "expert_overlap", sourced.number("expert_overlap"), form);
  s.pipeline_layout = required(table, "pipeline_layout", sourced.text("pipeline_layout"), form);
  table.refuse_unknown_keys();
  return s;
}

}  // namespace

std::map<std::string, SoftwareStack> read_software_stacks(const std::filesystem::path& file) {
  return read_named_tables<SoftwareStack>(file, read_one);
}

}  // namespace fleetwright
