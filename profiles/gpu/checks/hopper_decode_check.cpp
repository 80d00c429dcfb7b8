#include "profiles/gpu/checks/hopper_decode_check.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <numeric>
#include <random>

#include "profiles/gpu/checks/compare.hpp"
#include "profiles/gpu/kernels/hopper/decode.hpp"
#include "profiles/gpu/reference/decode.hpp"

namespace fleetwright::gpu {
namespace {

using hopper::DecodeTile;

// Weights of values are rounded to BF16 before they are multiplied.
constexpr double decode_bound = 1e-2;
constexpr std::size_t d_qk = DecodeTile::d_qk, page_tokens = DecodeTile::keys;

struct Case {
  int tokens, heads, sms;
  std::vector<std::int32_t> lengths;
};

/// Keys of sequences in a cache, with pages and ends of pages that nobody has.
struct Cache {
  std::size_t max_pages = 1, pages = 0;
  std::vector<std::int32_t> page_table;
  std::vector<__nv_bfloat16> keys;

  Cache(const std::vector<std::int32_t>& lengths, std::uint64_t seed) {
    const auto pages_of = [](std::int32_t length) {
      return (static_cast<std::size_t>(length) + page_tokens - 1) / page_tokens;
    };
    for (const std::int32_t length : lengths) max_pages = std::max(max_pages, pages_of(length));
    pages = lengths.size() * max_pages + 2;
    std::vector<std::int32_t> order(pages);
    std::iota(order.begin(), order.end(), 0);
    std::shuffle(order.begin(), order.end(), std::mt19937_64(seed));
    page_table.assign(order.begin(), order.end() - 2);
    keys.resize(pages * page_tokens * d_qk);
    std::memset(static_cast<void*>(keys.data()), 0xff, keys.size() * 2);
    for (std::size_t s = 0; s < lengths.size(); ++s) {
      const auto length = static_cast<std::size_t>(lengths[s]);
      const auto numbers = random_bf16(length * d_qk, seed + s);
      for (std::size_t i = 0; i < length; ++i) {
        const auto page = static_cast<std::size_t>(page_table[s * max_pages + i / page_tokens]);
        std::copy_n(&numbers[i * d_qk], d_qk, &keys[(page * page_tokens + i % page_tokens) * d_qk]);
      }
    }
  }
};

// Of rows without a key, so that they can be subtracted; no other comes near it.
std::vector<double> without_infinity(std::vector<double> log_sums) {
  std::ranges::replace(log_sums, -std::numeric_limits<double>::infinity(), -100.0);
  return log_sums;
}

void check_one(std::vector<CheckResult>& results, const Case& c, std::uint64_t seed) {
  const Cache cache(c.lengths, seed);
  reference::DecodeProblem r;
  r.tokens = static_cast<std::size_t>(c.tokens);
  r.heads = static_cast<std::size_t>(c.heads);
  r.d_qk = d_qk;
  r.d_v = DecodeTile::d_v;
  r.max_pages = cache.max_pages;
  // Larger scores than usual, so that maxima move from block to block.
  r.scale = 3 / std::sqrt(static_cast<double>(d_qk));
  const std::size_t rows = c.lengths.size() * r.tokens * r.heads;
  const auto q = random_bf16(rows * d_qk, seed + 1000);
  const reference::AttentionResult expected =
      decode(r, c.lengths, cache.page_table, widen(q), widen(cache.keys));

  const DeviceArray<__nv_bfloat16> on_q(q), on_keys(cache.keys);
  const DeviceArray<std::int32_t> page_table(cache.page_table), lengths(c.lengths);
  DeviceArray<__nv_bfloat16> o(expected.o.size());
  DeviceArray<float> log_sum(expected.log_sum.size());
  device_fill(o.data(), 0xff, o.bytes());
  device_fill(log_sum.data(), 0xff, log_sum.bytes());
  device_synchronize();
  hopper::DecodeProblem p;
  p.batch = static_cast<int>(c.lengths.size());
  p.tokens = c.tokens;
  p.heads = c.heads;
  p.pages = static_cast<int>(cache.pages);
  p.max_pages = static_cast<int>(cache.max_pages);
  p.scale = static_cast<float>(r.scale);
  p.sms = c.sms;
  const hopper::AttentionDecode kernel(p, {on_q.data(), on_keys.data(), page_table.data(),
                                           lengths.data(), o.data(), log_sum.data()});
  kernel.plan(nullptr);
  kernel.run(nullptr);
  device_synchronize();
  const std::string what = fmt::format("hopper decode {} tokens, {} heads, keys {}, {} SMs",
                                       c.tokens, c.heads, fmt::join(c.lengths, " "), c.sms);
  results.push_back(compare(what + " o", widen(o.host()), expected.o, decode_bound));
  results.push_back(compare(what + " log sums", without_infinity(widen(log_sum.host())),
                            without_infinity(expected.log_sum), fp32_bound));
}

}  // namespace

std::vector<CheckResult> check_hopper_decode(std::uint64_t seed) {
  std::vector<CheckResult> results;
  for (const Case& c : {Case{1, 16, 3, {0, 1, 64, 65, 300, 0}},  // divided, whole, empty
                        Case{1, 128, 2, {129}},                  // one part for two blocks of rows
                        Case{2, 64, 6, {65, 1, 0, 127}},         // a token that sees no key
                        Case{3, 24, 4, {129, 190}},              // ragged rows
                        Case{2, 32, 1, {330}},                   // buffers that are used again
                        Case{1, 64, 8, {0, 0}},                  // nothing at all
                        Case{1, 8, 16, {321}}}) {                // more parts than pages
    check_one(results, c, seed);
    seed += 10;
  }
  return results;
}

}  // namespace fleetwright::gpu
