#include "profiles/gpu/benchmarks/hopper_decode.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <random>

#include "profiles/gpu/benchmarks/whole_numbers.hpp"
#include "profiles/gpu/checks/hopper_decode_check.hpp"
#include "profiles/gpu/kernels/fill.hpp"
#include "profiles/gpu/kernels/hopper/decode.hpp"

namespace fleetwright::gpu {
namespace {

using hopper::DecodeTile;

constexpr std::size_t d_qk = DecodeTile::d_qk, d_v = DecodeTile::d_v,
                      page_tokens = DecodeTile::keys;

using BFloats = DeviceArray<__nv_bfloat16>;
using Integers = DeviceArray<std::int32_t>;

BFloats random(std::size_t elements, std::uint64_t seed) {
  BFloats x(elements);
  fill_random(x.data(), elements, seed, 1.0F, nullptr);
  return x;
}

std::size_t max_pages(const Attention& a) {
  return (whole(a.keys) + page_tokens - 1) / page_tokens;
}
std::size_t pages(const Attention& a) { return whole(a.batch) * max_pages(a); }
std::size_t rows(const Attention& a) {
  return whole(a.batch) * whole(a.queries) * static_cast<std::size_t>(a.heads);
}

// As they lie after sequences have come and gone for a while.
std::vector<std::int32_t> random_pages(std::size_t count, std::uint64_t seed) {
  std::vector<std::int32_t> order(count);
  std::iota(order.begin(), order.end(), 0);
  std::shuffle(order.begin(), order.end(), std::mt19937_64(seed));
  return order;
}

hopper::DecodeProblem problem(const Attention& a, int sms) {
  hopper::DecodeProblem p;
  p.batch = static_cast<int>(a.batch);
  p.tokens = static_cast<int>(a.queries);
  p.heads = a.heads;
  p.pages = static_cast<int>(pages(a));
  p.max_pages = static_cast<int>(max_pages(a));
  p.scale = 1 / std::sqrt(192.0F);  // of the keys before they were absorbed
  p.sms = sms;
  return p;
}

/// The work is shared out once, as for all layers of a model, and not timed.
class DecodeWorkload : public Workload {
 public:
  DecodeWorkload(const Attention& a, int sms, std::uint64_t seed)
      : q_(random(rows(a) * d_qk, seed)),
        cache_(random(pages(a) * page_tokens * d_qk, seed + 1)),
        page_table_(random_pages(pages(a), seed + 2)),
        lengths_(std::vector<std::int32_t>(whole(a.batch), static_cast<std::int32_t>(a.keys))),
        o_(rows(a) * d_v),
        log_sum_(rows(a)),
        decode_(problem(a, sms), {q_.data(), cache_.data(), page_table_.data(), lengths_.data(),
                                  o_.data(), log_sum_.data()}) {
    decode_.plan(nullptr);
    device_synchronize();
  }
  void launch(Stream stream) override { decode_.run(stream); }
  std::vector<Output> outputs() override {
    return {{o_.data(), o_.size(), ElementType::bfloat16},
            {log_sum_.data(), log_sum_.size(), ElementType::float32}};
  }

 private:
  BFloats q_, cache_;
  Integers page_table_, lengths_;
  BFloats o_;
  DeviceArray<float> log_sum_;
  hopper::AttentionDecode decode_;
};

// The last tokens of sequences: fewer queries than keys.
bool accepts(const Operator& op) {
  const auto* a = std::get_if<Attention>(&op);
  constexpr double most_sequences = 65535, most = 1 << 30;
  return a != nullptr && !a->backward && a->precision == Precision::bf16 && a->d_qk == d_qk &&
         a->d_v == d_v && a->kv_heads == 1 && a->heads >= 1 && is_multiple(a->batch, 1) &&
         is_multiple(a->queries, 1) && is_multiple(a->keys, 1) && a->queries < a->keys &&
         (a->window == 0 || a->window >= a->keys) && a->batch <= most_sequences &&
         a->batch * a->keys < most && a->batch * a->queries * a->heads < most;
}

std::unique_ptr<Workload> prepare(const Operator& op, int sms, std::uint64_t seed) {
  return std::make_unique<DecodeWorkload>(std::get<Attention>(op), sms, seed);
}

}  // namespace

std::vector<Benchmark> hopper_decode_benchmarks() {
  return {{"fleetwright.attention_decode", "fleetwright",
           "absorbed latent attention of the last tokens over a paged cache", accepts, prepare,
           false, check_hopper_decode}};
}

}  // namespace fleetwright::gpu
