#include "profiles/gpu/benchmarks/score_softmax.hpp"

#include <numeric>

#include "profiles/gpu/benchmarks/whole_numbers.hpp"
#include "profiles/gpu/checks/score_softmax_check.hpp"
#include "profiles/gpu/kernels/fill.hpp"
#include "profiles/gpu/kernels/score_softmax.hpp"
#include "profiles/gpu/kernels/streaming.hpp"

namespace fleetwright::gpu {
namespace {

// Megatron-LM's defaults: --attention-dropout 0.1, and scores of heads that are 128 wide.
constexpr double dropout_rate = 0.1;
constexpr float score_scale = 0.08838835F;  // 1 / sqrt(128)

// The operator does not say how its rows divide into queries: a whole sequence of them where that
// fits, as without context parallelism.
ScoreShape shape_of(const Elementwise& op) {
  const std::size_t rows = whole(op.rows), keys = whole(op.columns);
  return {rows, std::gcd(rows, keys), static_cast<int>(keys), score_scale, true};
}

// The model's 13 bytes a score are those of a chain of kernels around two products, whose own
// operator counts no scores: the first product writes the scores (2), softmax (4), dropout (5, with
// its mask), the second product reads the rest (2). A copy moves the bytes of both products in
// their place. Softmax does not read what the mask hides, as Megatron-LM's did not: where queries
// and keys are as many, this moves 12.
class ForwardWorkload : public Workload {
 public:
  ForwardWorkload(const Elementwise& op, std::uint64_t seed)
      : shape_(shape_of(op)),
        seed_(seed),
        product_(shape_.rows * whole(op.columns)),
        probabilities_(product_.size()),
        dropped_(product_.size()),
        kept_(product_.size()) {
    fill_random(product_.data(), product_.size(), seed, 1.0F, nullptr);
    device_synchronize();
  }

  void launch(Stream stream) override {
    copy(product_.data(), probabilities_.data(), product_.size(), stream);
    score_softmax(probabilities_.data(), probabilities_.data(), shape_, stream);
    dropout(probabilities_.data(), dropped_.data(), kept_.data(), dropped_.size(), dropout_rate,
            seed_, stream);
  }
  std::vector<Output> outputs() override {
    return {{probabilities_.data(), probabilities_.size(), ElementType::bfloat16},
            {dropped_.data(), dropped_.size(), ElementType::bfloat16},
            {kept_.data(), kept_.size(), ElementType::e4m3}};  // 0, 1 or, if poisoned, no number
  }

 private:
  ScoreShape shape_;
  std::uint64_t seed_;
  DeviceArray<__nv_bfloat16> product_, probabilities_, dropped_;
  DeviceArray<std::uint8_t> kept_;
};

// The model's 19: a product writes the gradient of what was left (2), dropout (5), softmax (6),
// then products read the gradient of the scores twice and the dropped probabilities once (6). Two
// copies move the bytes of the products; hidden scores save 2 of softmax's 6.
class BackwardWorkload : public Workload {
 public:
  BackwardWorkload(const Elementwise& op, std::uint64_t seed)
      : shape_(shape_of(op)),
        product_(shape_.rows * whole(op.columns)),
        probabilities_(product_.size()),
        gradient_(product_.size()),
        read_(product_.size()),
        kept_(product_.size()) {
    fill_random(product_.data(), product_.size(), seed, 1.0F, nullptr);
    score_softmax(product_.data(), probabilities_.data(), shape_, nullptr);
    dropout(probabilities_.data(), read_.data(), kept_.data(), read_.size(), dropout_rate, seed,
            nullptr);
    device_synchronize();
  }

  void launch(Stream stream) override {
    copy(product_.data(), gradient_.data(), product_.size(), stream);
    dropout_backward(gradient_.data(), kept_.data(), gradient_.data(), gradient_.size(),
                     dropout_rate, stream);
    score_softmax_backward(probabilities_.data(), gradient_.data(), gradient_.data(), shape_,
                           stream);
    copy(gradient_.data(), read_.data(), read_.size(), stream);
  }
  std::vector<Output> outputs() override {
    return {{gradient_.data(), gradient_.size(), ElementType::bfloat16},
            {read_.data(), read_.size(), ElementType::bfloat16}};
  }

 private:
  ScoreShape shape_;
  DeviceArray<__nv_bfloat16> product_, probabilities_, gradient_, read_;
  DeviceArray<std::uint8_t> kept_;
};

bool accepts(const Operator& op) {
  const Elementwise* e = std::get_if<Elementwise>(&op);
  return e != nullptr && e->kind == ElementwiseKind::softmax && e->rows >= 1 &&
         is_multiple(e->columns, 8) && e->columns <= 16384;
}

std::unique_ptr<Workload> prepare(const Operator& op, int, std::uint64_t seed) {
  const Elementwise& e = std::get<Elementwise>(op);
  if (e.backward) return std::make_unique<BackwardWorkload>(e, seed);
  return std::make_unique<ForwardWorkload>(e, seed);
}

}  // namespace

std::vector<Benchmark> score_softmax_benchmarks() {
  return {{"fleetwright.softmax", "fleetwright",
           "causal softmax and dropout of written-out scores, with the traffic of the products "
           "around them",
           accepts, prepare, false, check_score_softmax}};
}

}  // namespace fleetwright::gpu
