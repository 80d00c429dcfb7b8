#include "tests/support/setups.hpp"

#include "models/core/data_files.hpp"
#include "profiles/hardware_data.hpp"

namespace fleetwright::testing {
namespace {

SoftwareStack stack(const std::string& id) {
  return read_software_stacks(data_file("profiles/data/software.toml")).at(id);
}

PrecisionRecipe recipe(const std::string& id) {
  return read_precision_recipes(data_file("models/data/precision.toml")).at(id);
}

}  // namespace

Cluster cluster_of(const std::string& accelerator, int gpus) {
  const HardwareData& hw = hardware_data();
  Cluster c;
  c.accelerator = hw.accelerators.at(accelerator);
  c.scale_up = hw.links.at(c.accelerator.scale_up_link);
  c.nic = hw.links.at(c.accelerator.nic);
  c.gpus = gpus;
  c.gpus_per_node = 8;
  c.nics_per_node = 8;
  c.topology = "fat-tree";
  return c;
}

StepSetup dense_setup(const std::string& accelerator, int gpus) {
  StepSetup s;
  s.cluster = cluster_of(accelerator, gpus);
  s.stack = stack("megatron-core");
  ModelConfig& m = s.job.model;
  m.name = "dense-8";
  m.layers = 8;
  m.hidden = 4096;
  m.heads = m.kv_heads = 32;
  m.head_dim = 128;
  m.ffn_hidden = 14336;
  m.vocabulary = 32000;
  s.job.precision = recipe("bf16");
  s.job.sequence_length = 4096;
  s.job.strategy.dp = gpus;
  s.job.strategy.global_batch = gpus * 8;
  s.job.strategy.zero_stage = 1;
  return s;
}

StepSetup moe_setup(const std::string& accelerator, int gpus, int pp) {
  StepSetup s = dense_setup(accelerator, gpus);
  s.stack = stack("deepseek");
  ModelConfig& m = s.job.model;
  m.name = "moe-8";
  m.latent = LatentAttention{768, 256, 128, 64, 128};
  m.heads = m.kv_heads = 16;
  MixtureOfExperts moe;
  moe.experts = 64;
  moe.active = 6;
  moe.ffn_hidden = 1408;
  moe.shared_experts = 2;
  moe.shared_ffn_hidden = 2816;
  moe.first_dense_layers = 1;
  m.moe = moe;
  s.job.precision = recipe("fp8-block");
  s.job.strategy.pp = pp;
  s.job.strategy.dp = s.job.strategy.ep = gpus / pp;
  s.job.strategy.recompute = Recompute::selective;
  return s;
}

void set_schedule(StepSetup& setup, const std::string& schedule) {
  setup.job.strategy.schedule = schedule;
  const auto* row = find_row(builtin_schedules(), schedule);
  setup.job.strategy.vpp = row->make()->fixed_chunks().value_or(2);
}

}  // namespace fleetwright::testing
