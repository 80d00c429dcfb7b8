#include "tests/gpu/emulator.hpp"
//
#include "profiles/gpu/kernels/embedding.cu"
//
#include "profiles/gpu/benchmarks/embedding.hpp"
#include "profiles/gpu/checks/embedding_check.hpp"
#include "tests/gpu/emulated_family.hpp"

namespace fleetwright::gpu {
namespace {

TEST(EmulatedEmbedding, EqualsTheReference) {
  expect_passes(check_embedding, {1, 2, 20261, 20262});
}

TEST(EmulatedEmbedding, BenchmarksWriteTheirOutputs) {
  expect_writes_outputs(embedding_benchmarks(), Embedding{9, 8, false}, 1);
  expect_writes_outputs(embedding_benchmarks(), Embedding{9, 8, true}, 0);  // it adds
}

// Gradients whose sum in FP32 depends on the order: added as the tokens stand, whatever the order
// of the threads.
TEST(EmulatedEmbedding, EqualTokensAddUpInTheirOrder) {
  constexpr std::size_t tokens = 80;
  const DeviceArray<std::int32_t> ids(std::vector<std::int32_t>(tokens, 2));
  const std::vector<bf16> dy = random_bf16(tokens * 8, 1, 1e3);
  const DeviceArray<bf16> device_dy(dy);
  DeviceArray<std::int32_t> uses(8);
  std::vector<float> expected(4 * 8);
  for (std::size_t i = 0; i < dy.size(); ++i) expected[16 + i % 8] += __bfloat162float(dy[i]);
  for (const bool descending : {false, true}) {
    DeviceArray<float> gradient(std::vector<float>(4 * 8));
    emulator::descending = descending;
    embedding_backward({ids.data(), device_dy.data(), gradient.data(), uses.data(), tokens, 4, 8},
                       nullptr);
    EXPECT_EQ(gradient.host(), expected);
  }
  emulator::descending = false;
}

TEST(EmulatedEmbedding, RefusesOddWidths) {
  EmbeddingForward call;
  call.hidden = 12;
  EXPECT_THROW(embedding_forward(call, nullptr), Error);
}

}  // namespace
}  // namespace fleetwright::gpu
