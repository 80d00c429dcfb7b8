// Where bytes lie in shared memory: swizzles, matrix descriptors, boxes, the stages of a tile.

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <set>

#include "models/core/error.hpp"
#include "profiles/gpu/kernels/hopper/fp8_plan.hpp"
#include "profiles/gpu/kernels/hopper/matrix_descriptor.hpp"
#include "profiles/gpu/kernels/hopper/swizzle.hpp"
#include "profiles/gpu/kernels/hopper/tensor_box.hpp"

namespace fleetwright::gpu::hopper {
namespace {

template <int Span>
void expect_permutes() {
  constexpr std::uint32_t bytes = 8 * 1024;
  std::set<std::uint32_t> places;
  for (std::uint32_t at = 0; at < bytes; ++at) {
    const std::uint32_t to = swizzled<Span>(at);
    EXPECT_EQ(swizzled<Span>(to), at);                  // its own inverse
    EXPECT_EQ(to % 16, at % 16);                        // chunks of 16 bytes stay whole
    EXPECT_EQ(to / 128, at / 128);                      // and in their line
    EXPECT_EQ(to / Span, at / Span);                    // and in their span
    EXPECT_EQ(swizzled<Span>(at + bytes), to + bytes);  // the pattern repeats
    places.insert(to);
  }
  EXPECT_EQ(places.size(), bytes);
}

TEST(HopperSwizzle, PermutesTheChunksOfASpan) {
  expect_permutes<16>();
  expect_permutes<32>();
  expect_permutes<64>();
  expect_permutes<128>();
}

// PTX ISA, figures of the swizzling modes: chunk c of line l of a span of 128 bytes goes to c ^ l.
TEST(HopperSwizzle, OfKnownBytes) {
  EXPECT_EQ(swizzled<128>(3 * 128 + 5 * 16 + 7), 3U * 128 + (5 ^ 3) * 16 + 7);
  EXPECT_EQ(swizzled<128>(9 * 128 + 2 * 16), 9U * 128 + (2 ^ 1) * 16);
  EXPECT_EQ(swizzled<64>(5 * 64 + 1 * 16), 5U * 64 + (1 ^ 2) * 16);  // line 2 of 128 bytes
  EXPECT_EQ(swizzled<32>(4 * 32 + 1 * 16), 4U * 32 + (1 ^ 1) * 16);  // line 1
  EXPECT_EQ(swizzled<16>(1000), 1000U);
}

// Eight rows of 16 bytes below each other, as matrices are stored and read, in eight banks of 16.
TEST(HopperSwizzle, LetsColumnsBeReadWithoutBankConflicts) {
  for (std::uint32_t chunk = 0; chunk < 8; ++chunk) {
    std::set<std::uint32_t> banks;
    for (std::uint32_t row = 0; row < 8; ++row) {
      banks.insert(swizzled<128>(row * 128 + chunk * 16) % 128 / 16);
    }
    EXPECT_EQ(banks.size(), 8U);
  }
}

RC_GTEST_PROP(HopperDescriptor, ComesBackFromItsBits, ()) {
  const auto unit = [](int most) {
    return static_cast<std::uint32_t>(*rc::gen::inRange(1, most)) * 16;
  };
  const MatrixDescriptor d{unit(14528), unit(16384), unit(16384)};
  const MatrixDescriptor back = MatrixDescriptor::of(d.bits());
  RC_ASSERT(back.address == d.address && back.leading == d.leading && back.stride == d.stride);
}

// PTX ISA, "matrix descriptor format": address, leading and stride offsets over 16 in bits 0, 16
// and 32, the swizzle of 128 bytes as 1 in bits 62 and 63.
TEST(HopperDescriptor, HasItsFieldsWhereTheyBelong) {
  EXPECT_EQ(along_k(0x2400, 32), 0x4000'0040'0001'0242U);
  EXPECT_EQ(across_k(0x800, 0x2000), 0x4000'0040'0200'0080U);
  EXPECT_EQ(MatrixDescriptor::of(0).stride, 0U);
}

TEST(HopperBox, RefusesWhatTheAcceleratorDoesNotTake) {
  alignas(64) static char memory[64];
  const TensorBox good = rows_box(memory, TensorType::byte, 100, 256, 256, 64, 128, 128);
  EXPECT_NO_THROW(check_tensor_box(good));
  EXPECT_EQ(good.box_bytes(), 64U * 128);
  const auto refuses = [&](auto change) {
    TensorBox box = good;
    change(box);
    EXPECT_THROW(check_tensor_box(box), Error);
  };
  refuses([](TensorBox& b) { b.data = memory + 8; });
  refuses([](TensorBox& b) { b.stride[0] = 264; });
  refuses([](TensorBox& b) { b.stride[0] = 128; });
  refuses([](TensorBox& b) { b.box[1] = 257; });
  refuses([](TensorBox& b) { b.box[0] = 136; });
  refuses([](TensorBox& b) { b.box[0] = 120; });
  refuses([](TensorBox& b) { b.size[1] = 0; });
  refuses([](TensorBox& b) { b.size[0] = (std::uint64_t{1} << 32) + 1; });
  refuses([](TensorBox& b) { b.swizzle = 48; });
  refuses([](TensorBox& b) { b.rank = 4; });
}

TEST(HopperTile, FitsIntoSharedMemoryWithoutOverlaps) {
  for (const Fp8Tile& tile : fp8_tiles) {
    const int stages = tile.stages();
    EXPECT_GE(stages, 3) << tile.m << "x" << tile.n;
    EXPECT_LE(tile.shared_bytes(stages), shared_limit);
    if (stages < 8) {
      EXPECT_GT(tile.shared_bytes(stages + 1), shared_limit);
    }
    EXPECT_EQ(tile.n % 16, 0);
    EXPECT_EQ(tile.panels() * tile.panel_columns(), tile.n);
    EXPECT_LE(scale_blocks_touched(tile.n), 2);
    // Where each thing begins and how long it is, in their order.
    std::vector<std::pair<int, int>> parts;
    for (int s = 0; s < stages; ++s) parts.emplace_back(tile.a_at(s), tile.a_bytes());
    for (int s = 0; s < stages; ++s) parts.emplace_back(tile.b_at(s, stages), tile.b_bytes());
    for (int s = 0; s < tile.m / 64; ++s) {
      parts.emplace_back(tile.d_at(s, stages), tile.panels() * tile.panel_bytes());
    }
    for (int s = 0; s < stages; ++s) {
      parts.emplace_back(tile.a_scales_at(s, stages), tile.a_scale_bytes());
    }
    for (int s = 0; s < stages; ++s) {
      parts.emplace_back(tile.b_scales_at(s, stages), tile.b_scale_bytes());
    }
    for (int s = 0; s < stages; ++s) parts.emplace_back(tile.full_at(s, stages), 8);
    for (int s = 0; s < stages; ++s) parts.emplace_back(tile.empty_at(s, stages), 8);
    int end = 0;
    for (const auto& [begin, bytes] : parts) {
      EXPECT_EQ(begin, end);
      end = begin + bytes;
    }
    EXPECT_EQ(end, tile.shared_bytes(stages));
    // Swizzled boxes and matrices begin where their pattern does, scales at multiples of 128.
    EXPECT_EQ(tile.a_bytes() % 1024, 0);
    EXPECT_EQ(tile.b_bytes() / 2 % 1024, 0);  // halves of a cluster
    EXPECT_EQ(tile.d_at(0, stages) % 1024, 0);
    EXPECT_EQ(tile.panel_bytes() % (8 * tile.panel_span()), 0);
    EXPECT_EQ(tile.a_scales_at(0, stages) % 128, 0);
    EXPECT_EQ(tile.a_scale_bytes() % 128, 0);
    EXPECT_EQ(tile.b_scale_bytes() % 128, 0);
  }
}

// Every box that a problem of any size asks for is one that the accelerator takes, and a stage is
// what its boxes bring.
RC_GTEST_PROP(HopperBox, OfEveryProductIsTaken, ()) {
  const Fp8Tile tile =
      *rc::gen::elementOf(std::vector<Fp8Tile>(std::begin(fp8_tiles), std::end(fp8_tiles)));
  Fp8Problem p;
  p.pass = tile.forward ? GemmPass::forward : GemmPass::weight_gradient;
  p.grouping = tile.forward
                   ? *rc::gen::element(Grouping::whole, Grouping::contiguous, Grouping::masked)
                   : *rc::gen::element(Grouping::whole, Grouping::along_k);
  p.groups = p.grouping == Grouping::whole ? 1 : *rc::gen::inRange(1, 300);
  p.m = *rc::gen::inRange(1, 40000);
  p.n = *rc::gen::inRange(1, 16000) * 8;
  p.k = *rc::gen::inRange(1, 2000) * 16;
  check_fp8_problem(p);
  const int cluster = *rc::gen::element(1, 2);
  const Fp8Plan plan{tile.m, tile.n, cluster, tile.stages(), 1, cluster};
  check_fp8_plan(plan, p.pass);
  alignas(64) static char memory[64];
  const Fp8Boxes boxes = fp8_boxes(p, plan, {memory, memory, memory, memory, memory});
  std::uint32_t bytes = 0;
  for (const TensorBox* box : {&boxes.a, &boxes.b, &boxes.a_scales, &boxes.b_scales, &boxes.d}) {
    if (box->data == nullptr) continue;  // scales of 128x128
    check_tensor_box(*box);
    if (box == &boxes.d) continue;
    bytes += box->box_bytes() * static_cast<std::uint32_t>(box == &boxes.b ? cluster : 1);
  }
  RC_ASSERT(bytes == static_cast<std::uint32_t>(tile.stage_bytes()));
  RC_ASSERT(boxes.d.box_bytes() == static_cast<std::uint32_t>(tile.panel_bytes()));
  RC_ASSERT(boxes.a.size[0] * boxes.a.size[1] ==
            static_cast<std::uint64_t>(p.rows()) * static_cast<std::uint64_t>(p.k));
  RC_ASSERT(boxes.a_scales.stride[0] / 4 * boxes.a_scales.size[1] ==
            static_cast<std::uint64_t>(p.a_scales()));
  RC_ASSERT(boxes.d.size[0] * boxes.d.size[1] * boxes.d.size[2] ==
            static_cast<std::uint64_t>(p.results()));
}

}  // namespace
}  // namespace fleetwright::gpu::hopper
