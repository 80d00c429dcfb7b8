#include "profiles/gpu/checks/embedding_check.hpp"

#include <random>

#include "profiles/gpu/checks/random_tensor.hpp"
#include "profiles/gpu/kernels/embedding.hpp"
#include "profiles/gpu/reference/embedding.hpp"

namespace fleetwright::gpu {
namespace {

using reference::Matrix;

struct Shape {
  std::size_t tokens;
  std::size_t vocabulary;
  std::size_t hidden;
};

// Some ids lie outside of the table; where tokens outnumber it, most occur often.
std::vector<std::int32_t> random_ids(const Shape& s, std::uint64_t seed) {
  std::mt19937_64 engine(seed);
  std::uniform_int_distribution<std::int32_t> id(-1, static_cast<std::int32_t>(s.vocabulary));
  std::vector<std::int32_t> ids;
  for (std::size_t t = 0; t < s.tokens; ++t) ids.push_back(id(engine));
  return ids;
}

void check_shape(std::vector<CheckResult>& results, const Shape& s, std::uint64_t seed) {
  const std::vector<std::int32_t> ids = random_ids(s, seed);
  const DeviceArray<std::int32_t> device_ids(ids);
  const int vocabulary = static_cast<int>(s.vocabulary), hidden = static_cast<int>(s.hidden);

  const RandomTensor table(s.vocabulary, s.hidden, seed + 1);
  DeviceArray<__nv_bfloat16> y(s.tokens * s.hidden);
  embedding_forward(
      {device_ids.data(), table.device.data(), y.data(), s.tokens, vocabulary, hidden}, nullptr);

  const RandomTensor dy(s.tokens, s.hidden, seed + 2);
  const std::vector<float> before = random_fp32(s.vocabulary * s.hidden, seed + 3);
  DeviceArray<float> gradient(before);
  DeviceArray<std::int32_t> uses(std::vector<std::int32_t>(2 * s.vocabulary, 1 << 30));  // stale
  embedding_backward({device_ids.data(), dy.device.data(), gradient.data(), uses.data(), s.tokens,
                      vocabulary, hidden},
                     nullptr);
  device_synchronize();

  Matrix expected(s.vocabulary, s.hidden);
  expected.at = widen(before);
  reference::scatter_add_rows(dy.host, ids, expected);
  results.push_back(compare(named("embedding", s.tokens, s.hidden, "y"), widen(y.host()),
                            reference::gather_rows(table.host, ids).at, 0));
  results.push_back(compare(named("embedding", s.tokens, s.hidden, "table gradient"),
                            widen(gradient.host()), expected.at, fp32_bound));
}

}  // namespace

std::vector<CheckResult> check_embedding(std::uint64_t seed) {
  constexpr Shape shapes[] = {{1, 3, 64},    {5, 1, 576},  {100, 7, 512},
                              {67, 1000, 8}, {9, 4, 1032}, {12, 5, 7168}};
  std::vector<CheckResult> results;
  for (const Shape& s : shapes) check_shape(results, s, seed += 10);
  return results;
}

}  // namespace fleetwright::gpu
