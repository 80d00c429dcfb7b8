#include "profiles/gpu/benchmarks/embedding.hpp"

#include "profiles/gpu/benchmarks/whole_numbers.hpp"
#include "profiles/gpu/checks/embedding_check.hpp"
#include "profiles/gpu/kernels/embedding.hpp"
#include "profiles/gpu/kernels/fill.hpp"

namespace fleetwright::gpu {
namespace {

// DeepSeek-V3's. Ids are evenly random, which is harder than text: hardly two tokens share a row.
constexpr int vocabulary = 129280;

DeviceArray<std::int32_t> random_ids(std::size_t tokens, std::uint64_t seed) {
  DeviceArray<std::int32_t> ids(tokens);
  fill_random(ids.data(), tokens, seed, vocabulary, nullptr);
  return ids;
}

class ForwardWorkload : public Workload {
 public:
  ForwardWorkload(const Embedding& op, std::uint64_t seed)
      : ids_(random_ids(whole(op.tokens), seed)),
        table_(vocabulary * whole(op.hidden)),
        y_(whole(op.tokens) * whole(op.hidden)) {
    fill_random(table_.data(), table_.size(), seed + 1, 1.0F, nullptr);
    device_synchronize();
    call_ = {ids_.data(), table_.data(), y_.data(),
             ids_.size(), vocabulary,    static_cast<int>(op.hidden)};
  }

  void launch(Stream stream) override { embedding_forward(call_, stream); }
  std::vector<Output> outputs() override { return {{y_.data(), y_.size(), ElementType::bfloat16}}; }

 private:
  DeviceArray<std::int32_t> ids_;
  DeviceArray<__nv_bfloat16> table_, y_;
  EmbeddingForward call_;
};

/// Beyond the model's bytes it clears 8 for each row of the table, to find equal tokens.
class BackwardWorkload : public Workload {
 public:
  BackwardWorkload(const Embedding& op, std::uint64_t seed)
      : ids_(random_ids(whole(op.tokens), seed)),
        y_gradient_(whole(op.tokens) * whole(op.hidden)),
        table_gradient_(vocabulary * whole(op.hidden)),
        uses_(2 * vocabulary) {
    fill_random(y_gradient_.data(), y_gradient_.size(), seed + 1, 1.0F, nullptr);
    fill_random(table_gradient_.data(), table_gradient_.size(), seed + 2, 1.0F, nullptr);
    device_synchronize();
    call_ = {ids_.data(), y_gradient_.data(), table_gradient_.data(),     uses_.data(),
             ids_.size(), vocabulary,         static_cast<int>(op.hidden)};
  }

  void launch(Stream stream) override { embedding_backward(call_, stream); }
  /// Nothing is written whole: rows of the table are added to.
  std::vector<Output> outputs() override { return {}; }

 private:
  DeviceArray<std::int32_t> ids_;
  DeviceArray<__nv_bfloat16> y_gradient_;
  DeviceArray<float> table_gradient_;
  DeviceArray<std::int32_t> uses_;
  EmbeddingBackward call_;
};

bool accepts(const Operator& op) {
  const Embedding* e = std::get_if<Embedding>(&op);
  return e != nullptr && e->tokens >= 1 && is_multiple(e->hidden, 8);
}

std::unique_ptr<Workload> prepare(const Operator& op, int, std::uint64_t seed) {
  const Embedding& e = std::get<Embedding>(op);
  if (e.backward) return std::make_unique<BackwardWorkload>(e, seed);
  return std::make_unique<ForwardWorkload>(e, seed);
}

}  // namespace

std::vector<Benchmark> embedding_benchmarks() {
  return {{"fleetwright.embedding", "fleetwright",
           "gathers BF16 rows of a token table, or adds their gradients into an FP32 one", accepts,
           prepare, false, check_embedding}};
}

}  // namespace fleetwright::gpu
