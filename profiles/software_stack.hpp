#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "models/core/provenance.hpp"
#include "models/core/quantity.hpp"

namespace fleetwright {

/// What makes one training framework differ from another: a handful of named properties, each with
/// a source. No property is tied to a model or a run.
struct SoftwareStack {
  std::string id;
  std::string name;
  /// Kernel libraries in order of preference, as named in the published tables.
  std::vector<std::string> gemm_libraries;
  std::vector<std::string> attention_libraries;
  std::vector<std::string> memory_libraries;
  std::vector<std::string> expert_libraries;
  /// Attention keeps its scores on chip (flash attention); else they pass through memory.
  Sourced<bool> fused_attention;
  /// SMs that expert-parallel kernels hold while they run beside computation, and whether kernels
  /// leave them free all the time (persistent kernels are launched for a fixed number of SMs).
  Sourced<double> communication_sms;
  Sourced<bool> reserves_communication_sms;
  /// How tokens get to the GPUs of their experts: "node-limited" sends one to each node that needs
  /// it, which hands it on; "pairwise" one to each expert.
  Sourced<std::string> expert_exchange;
  /// Time of kernels inside this framework's step over that of the operators modelled, alone: older
  /// kernels, casts and copies that no operator stands for.
  Sourced<double> in_step_slowdown;
  /// The same, over `in_step_slowdown`, of kernels that only experts have: what sorts and pads
  /// their tokens, and products launched expert by expert.
  Sourced<double> expert_slowdown;
  /// And over that where FP8 has one scale a tensor: what is to be cast is searched for its largest
  /// value first, expert by expert.
  Sourced<double> tensor_scaled_slowdown;
  /// Idle time between two kernels of a stream.
  Sourced<Seconds> kernel_gap;
  /// Host time for an operator (dispatch and launch), for each further kernel of the same operator,
  /// and whether the products of all experts are one kernel.
  Sourced<Seconds> operator_launch;
  Sourced<Seconds> kernel_launch;
  /// Host time for a tensor-parallel collective, for each rank of its group, where the stages of
  /// the pipeline are on different nodes.
  Sourced<Seconds> spanning_collective_launch;
  /// Time that a pass waits at each message from or to another stage, beside moving it: a host that
  /// looks now and then whether it has arrived.
  Sourced<Seconds> send_wait;
  Sourced<bool> grouped_kernels;
  /// What else is a single kernel: gated activations, the loss, and adding up weight gradients (in
  /// the product itself).
  Sourced<bool> fused_activation;
  Sourced<bool> fused_clamped_activation;  // one with clamps, and the bias behind experts
  Sourced<bool> fused_loss;
  /// Between the two products of the experts nothing is a kernel of its own: activation and
  /// conversion are parts of the products.
  Sourced<bool> fused_experts;
  /// What arrives from an exchange comes by rank and is sorted by expert, and back before it
  /// leaves; else the exchange's own kernels do that.
  Sourced<bool> sorts_exchanged_tokens;
  /// Scores and values are products in FP8 wherever the linear layers are in FP8 or less.
  Sourced<bool> fp8_attention;
  /// Weight gradients are added up, kept and reduced in BF16 where the format would have FP32.
  Sourced<bool> bf16_gradients;
  /// Memory: logits in chunks, optimizer states and gradients in the host's memory, and what the
  /// allocator holds beside the tensors (fragments, workspaces), over what they take.
  Sourced<bool> chunked_loss;
  Sourced<bool> optimizer_on_host;
  /// Parameters that the host's processors of a node update in a second, all its GPUs' together.
  Sourced<double> host_optimizer_rate;
  Sourced<double> memory_overhead;
  Sourced<bool> fused_gradient_accumulation;
  /// What selective recomputation means: "norms", "core-attention" or "per-operator".
  Sourced<std::string> selective_recompute;
  /// Full recomputation leaves out a dense layer's last product (PyTorch's checkpoint without
  /// re-entrance stops where the last tensor that is needed has been recomputed).
  Sourced<bool> recompute_stops_early;
  /// Context parallelism computes attention to the keys of one rank after the other.
  Sourced<bool> attention_in_blocks;
  /// Experts then compute their activation again too.
  Sourced<bool> recomputes_expert_activation;
  /// Pipeline stages send each tensor-parallel rank's part alone and gather it after; else all of
  /// them send the whole.
  Sourced<bool> scatters_sends;
  /// Gradients are reduced in buckets while the backward pass goes on (else after it).
  Sourced<bool> overlap_gradient_reduction;
  /// Parameters of a bucket, or so many for each data-parallel replica if that is more.
  Sourced<double> gradient_bucket;
  Sourced<double> gradient_bucket_per_replica;
  /// Parameters are gathered while the next forward pass goes on (else before it).
  Sourced<bool> overlap_parameter_gather;
  /// Share of tensor-parallel communication that hides under the product beside it.
  Sourced<double> tensor_overlap;
  /// Share of the exchange of keys and values that hides under attention, as far as that lasts.
  Sourced<double> context_overlap;
  /// Share of expert-parallel communication that hides under another micro-batch's computation,
  /// where the schedule itself does not pair passes.
  Sourced<double> expert_overlap;
  /// "even", "balanced" or "by-weight": how layers are spread over pipeline stages unless the
  /// scenario says.
  Sourced<std::string> pipeline_layout;
};

/// All stacks of a TOML file by id. Throws ScenarioError (located) and Error.
[[nodiscard]] std::map<std::string, SoftwareStack> read_software_stacks(
    const std::filesystem::path& file);

}  // namespace fleetwright
