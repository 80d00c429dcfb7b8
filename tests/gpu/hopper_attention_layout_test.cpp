// Where the attention kernels have what in shared memory, and which block computes what.

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <map>
#include <tuple>
#include <vector>

#include "profiles/gpu/kernels/hopper/attention_schedule.hpp"

namespace fleetwright::gpu::hopper {
namespace {

struct Part {
  int begin, bytes, alignment;
};

void expect_one_after_another(const std::vector<Part>& parts, int end) {
  int at = 0;
  for (const Part& p : parts) {
    EXPECT_EQ(p.begin, at);
    EXPECT_EQ(p.begin % p.alignment, 0);
    at = p.begin + p.bytes;
  }
  EXPECT_EQ(at, end);
  EXPECT_LE(end, shared_limit);
}

// Swizzled panels begin at multiples of 1,024, barriers at multiples of 8.
TEST(HopperAttentionTile, HasItsPartsOneAfterAnother) {
  using T = AttentionTile;
  std::vector<Part> parts{{T::q_at, T::qk_bytes, 1024}};
  for (int s = 0; s < T::stages; ++s) parts.push_back({T::k_at(s), T::qk_bytes, 1024});
  for (int s = 0; s < T::stages; ++s) parts.push_back({T::v_at(s), T::v_bytes, 1024});
  parts.push_back({T::q_full, 8, 8});
  for (auto* const barrier : {T::k_full, T::k_empty, T::v_full, T::v_empty}) {
    for (int s = 0; s < T::stages; ++s) parts.push_back({barrier(s), 8, 8});
  }
  expect_one_after_another(parts, T::shared_bytes);
}

TEST(HopperAttentionTile, OfTheBackwardLikewise) {
  using T = AttentionBackwardTile;
  std::vector<Part> parts{{T::k_at, T::qk_panels * T::key_panel, 1024},
                          {T::v_at, T::v_panels * T::key_panel, 1024}};
  for (int s = 0; s < T::stages; ++s) parts.push_back({T::q_at(s), T::q_bytes, 1024});
  for (int s = 0; s < T::stages; ++s) parts.push_back({T::d_o_at(s), T::d_o_bytes, 1024});
  parts.push_back({T::d_scores_at, T::d_scores_bytes, 1024});
  for (int g = 0; g < T::consumers; ++g) {
    parts.push_back({T::d_q_at(g), T::d_q_panels * T::query_panel, 1024});
  }
  for (int s = 0; s < T::stages; ++s) {
    parts.push_back({T::log_sum_at(s), T::row_bytes, 8});
    parts.push_back({T::mean_at(s), T::row_bytes, 8});
  }
  parts.push_back({T::kv_full, 8, 8});
  for (auto* const barrier : {T::q_full, T::d_o_full, T::rows_full, T::empty}) {
    for (int s = 0; s < T::stages; ++s) parts.push_back({barrier(s), 8, 8});
  }
  expect_one_after_another(parts, T::shared_bytes);
}

AttentionProblem any_problem() {
  AttentionProblem p;
  p.batch = *rc::gen::inRange(1, 4);
  p.tokens = *rc::gen::inRange(1, 700);
  p.kv_heads = *rc::gen::inRange(1, 4);
  p.heads = p.kv_heads * *rc::gen::inRange(1, 4);
  return p;
}

// Batch, head and the 64 queries and 64 keys that meet.
using Meetings = std::map<std::tuple<int, int, int, int>, int>;

void meet(Meetings& meetings, const AttentionProblem& p, std::tuple<int, int> plane, int query,
          int queries, int key, int keys) {
  for (int q = query / 64; q < (query + queries) / 64; ++q) {
    for (int k = key / 64; k < (key + keys) / 64; ++k) {
      if (64 * q >= p.tokens || k > q) continue;  // nothing there, or nothing seen
      ++meetings[{std::get<0>(plane), std::get<1>(plane), q, k}];
    }
  }
}

void expect_each_once(const Meetings& meetings, const AttentionProblem& p) {
  const int blocks = (p.tokens + 63) / 64;
  RC_ASSERT(meetings.size() ==
            static_cast<std::size_t>(p.batch * p.heads * blocks * (blocks + 1) / 2));
  for (const auto& [where, times] : meetings) RC_ASSERT(times == 1);
}

RC_GTEST_PROP(HopperAttentionSchedule, EveryQueryMeetsEveryKeyThatItSeesOnce, ()) {
  const AttentionProblem p = any_problem();
  Meetings meetings;
  for (int number = 0; number < QueryBlock::count(p); ++number) {
    const QueryBlock x(p, number);
    RC_ASSERT(x.kv_head == x.head * p.kv_heads / p.heads && x.first_row == x.batch * p.tokens);
    for (int block = 0; block < x.key_blocks; ++block) {
      meet(meetings, p, {x.batch, x.head}, x.query, AttentionTile::queries,
           block * AttentionTile::keys, AttentionTile::keys);
    }
  }
  expect_each_once(meetings, p);
}

RC_GTEST_PROP(HopperAttentionSchedule, OfTheBackwardLikewise, ()) {
  using Tile = AttentionBackwardTile;
  const AttentionProblem p = any_problem();
  Meetings meetings;
  for (int number = 0; number < KeyBlock::count(p); ++number) {
    const KeyBlock keys(p, number);
    RC_ASSERT(keys.first_row == keys.batch * p.tokens);
    for (QueryCursor at(p, keys); at.more(); at.advance(p, keys)) {
      RC_ASSERT(at.head * p.kv_heads / p.heads == keys.kv_head);
      meet(meetings, p, {keys.batch, at.head}, at.query, Tile::queries, keys.key, Tile::keys);
    }
  }
  expect_each_once(meetings, p);
}

}  // namespace
}  // namespace fleetwright::gpu::hopper
