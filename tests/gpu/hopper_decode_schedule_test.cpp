// How decoding shares out keys, and what a block of it has in shared memory.

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <set>
#include <vector>

#include "profiles/gpu/kernels/hopper/decode_schedule.hpp"

namespace fleetwright::gpu::hopper {
namespace {

struct Planned {
  std::vector<std::int32_t> lengths, first_block, first_sequence;
  DecodeSchedule schedule;

  Planned(std::vector<std::int32_t> of, int parts)
      : lengths(std::move(of)),
        first_block(lengths.size() + 1),
        first_sequence(static_cast<std::size_t>(parts)) {
    const auto batch = static_cast<int>(lengths.size());
    plan_decode(lengths.data(), batch, parts, first_block.data(), first_sequence.data());
    schedule = {batch, parts, first_block.data(), first_sequence.data()};
  }
  [[nodiscard]] int blocks_of(int sequence) const {
    return (lengths[static_cast<std::size_t>(sequence)] + 63) / 64;
  }
  [[nodiscard]] std::vector<DecodePiece> pieces_of(int part) const {
    std::vector<DecodePiece> pieces;
    DecodeCursor cursor(schedule, part);
    for (DecodePiece piece; cursor.next(piece);) pieces.push_back(piece);
    return pieces;
  }
};

Planned random_plan() {
  std::vector<std::int32_t> lengths;
  const int batch = *rc::gen::inRange(1, 40), most = *rc::gen::element(70, 700, 9000);
  for (int s = 0; s < batch; ++s) {
    const bool empty = *rc::gen::inRange(0, 4) == 0;
    lengths.push_back(empty ? 0 : *rc::gen::inRange(0, most));
  }
  return {lengths, *rc::gen::inRange(1, 140)};
}

RC_GTEST_PROP(DecodeSchedule, HasEachBlockOfKeysOnce, ()) {
  const Planned p = random_plan();
  std::set<std::pair<int, int>> seen;  // sequence and block
  for (int part = 0; part < p.schedule.parts; ++part) {
    for (const DecodePiece& piece : p.pieces_of(part)) {
      RC_ASSERT(piece.blocks > 0);
      RC_ASSERT(piece.first + piece.blocks <= p.blocks_of(piece.sequence));
      for (int i = 0; i < piece.blocks; ++i) {
        RC_ASSERT(seen.emplace(piece.sequence, piece.first + i).second);
      }
    }
  }
  std::size_t blocks = 0;
  for (int s = 0; s < p.schedule.batch; ++s) blocks += static_cast<std::size_t>(p.blocks_of(s));
  RC_ASSERT(seen.size() == blocks);
}

RC_GTEST_PROP(DecodeSchedule, IsEvenToWithinABlock, ()) {
  const Planned p = random_plan();
  std::set<int> shares;
  for (int part = 0; part < p.schedule.parts; ++part) {
    int share = 0;
    for (const DecodePiece& piece : p.pieces_of(part)) share += piece.blocks;
    shares.insert(share);
  }
  RC_ASSERT(*shares.rbegin() - *shares.begin() <= 1);
}

// What the kernel writes into slots is what is added up, and nothing is written twice.
RC_GTEST_PROP(DecodeSchedule, GivesDividedSequencesSlotsOfTheirOwn, ()) {
  const Planned p = random_plan();
  std::vector<std::vector<int>> written(static_cast<std::size_t>(p.schedule.batch));
  std::set<int> slots;
  for (int part = 0; part < p.schedule.parts; ++part) {
    for (const DecodePiece& piece : p.pieces_of(part)) {
      const bool whole = piece.blocks == p.blocks_of(piece.sequence);
      RC_ASSERT(whole == (piece.slot < 0));
      if (whole) continue;
      RC_ASSERT(piece.slot < DecodeSchedule::slots(p.schedule.parts));
      RC_ASSERT(slots.insert(piece.slot).second);
      written[static_cast<std::size_t>(piece.sequence)].push_back(piece.slot);
    }
  }
  for (int s = 0; s < p.schedule.batch; ++s) {
    RC_ASSERT(p.schedule.is_empty(s) == (p.blocks_of(s) == 0));
    std::vector<int> read;
    if (!p.schedule.is_empty(s) && p.schedule.first_part(s) < p.schedule.last_part(s)) {
      for (int part = p.schedule.first_part(s); part <= p.schedule.last_part(s); ++part) {
        const bool began_before = part > p.schedule.first_part(s);
        read.push_back(began_before ? DecodeSchedule::later_slot(part)
                                    : p.schedule.slot_of(part, s));
      }
    }
    RC_ASSERT(read == written[static_cast<std::size_t>(s)]);
  }
}

TEST(DecodeSchedule, LeavesPartsWithoutKeysEmpty) {
  const Planned none({0, 0}, 5), few({0, 65, 0, 1}, 5);
  for (int part = 0; part < 5; ++part) {
    EXPECT_TRUE(none.pieces_of(part).empty());
    EXPECT_EQ(few.pieces_of(part).empty(), part >= 3);
  }
}

TEST(DecodeSchedule, DoesEachPartForAllRowsAtTheSameTime) {
  EXPECT_EQ(decode_parts(132, 1), 132);
  EXPECT_EQ(decode_parts(132, 2), 66);  // 128 heads, one token
  EXPECT_EQ(decode_parts(132, 5), 26);
  EXPECT_EQ(decode_parts(132, 200), 1);
}

TEST(DecodeTile, FitsIntoSharedMemoryWithoutOverlaps) {
  using Tile = DecodeTile;
  // Where each thing begins and how long it is, in their order.
  std::vector<std::pair<int, int>> parts{{Tile::q_at, Tile::qk_bytes}};
  for (int b = 0; b < Tile::groups; ++b) parts.emplace_back(Tile::k_at(b), Tile::qk_bytes);
  for (int g = 0; g < Tile::groups; ++g) parts.emplace_back(Tile::maxima_at(g), Tile::row_bytes);
  for (int g = 0; g < Tile::groups; ++g) parts.emplace_back(Tile::sums_at(g), Tile::row_bytes);
  parts.emplace_back(Tile::q_full, 8);
  parts.emplace_back(Tile::q_empty, 8);
  for (int b = 0; b < Tile::groups; ++b) {
    for (int panel = 0; panel < Tile::qk_panels; ++panel) {
      parts.emplace_back(Tile::full(b, panel), 8);
    }
  }
  for (int b = 0; b < Tile::groups; ++b) {
    for (int half = 0; half < 2; ++half) parts.emplace_back(Tile::empty(b, half), 8);
  }
  int end = 0;
  for (const auto& [begin, bytes] : parts) {
    EXPECT_EQ(begin, end);
    end = begin + bytes;
  }
  EXPECT_EQ(end, Tile::shared_bytes);
  EXPECT_EQ(Tile::barriers_at % 8, 0);
  // Swizzled panels begin where their pattern does; weights fill the panel of the rotary columns,
  // which is behind all values, and results fit where the queries were.
  EXPECT_EQ(Tile::panel_bytes % 1024, 0);
  for (int b = 0; b < Tile::groups; ++b) {
    EXPECT_EQ(Tile::k_at(b) % 1024, 0);
    EXPECT_EQ(Tile::weights_at(b) + Tile::rows * Tile::keys * 2, Tile::k_at(b) + Tile::qk_bytes);
    EXPECT_EQ(Tile::weights_at(b), Tile::k_at(b) + Tile::v_panels * Tile::panel_bytes);
  }
  EXPECT_LE(Tile::rows * Tile::d_v * 2, Tile::qk_bytes);
}

}  // namespace
}  // namespace fleetwright::gpu::hopper
