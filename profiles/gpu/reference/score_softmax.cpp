#include "profiles/gpu/reference/score_softmax.hpp"

#include <algorithm>
#include <cmath>

namespace fleetwright::gpu::reference {

Matrix score_softmax(const Matrix& scores, ScoreMask mask, double scale) {
  Matrix probabilities(scores.rows, scores.columns);
  for (std::size_t r = 0; r < scores.rows; ++r) {
    const std::size_t seen =
        mask.causal ? scores.columns - mask.queries + r % mask.queries + 1 : scores.columns;
    double largest = scale * scores(r, 0), sum = 0;
    for (std::size_t c = 0; c < seen; ++c) largest = std::max(largest, scale * scores(r, c));
    for (std::size_t c = 0; c < seen; ++c) sum += std::exp(scale * scores(r, c) - largest);
    for (std::size_t c = 0; c < seen; ++c) {
      probabilities(r, c) = std::exp(scale * scores(r, c) - largest) / sum;
    }
  }
  return probabilities;
}

Matrix score_softmax_gradient(const Matrix& probabilities, const Matrix& probabilities_gradient,
                              double scale) {
  const Matrix &p = probabilities, &g = probabilities_gradient;
  Matrix gradient(p.rows, p.columns);
  for (std::size_t r = 0; r < p.rows; ++r) {
    double product = 0;
    for (std::size_t c = 0; c < p.columns; ++c) {
      if (p(r, c) != 0) product += g(r, c) * p(r, c);
    }
    for (std::size_t c = 0; c < p.columns; ++c) {
      if (p(r, c) != 0) gradient(r, c) = scale * p(r, c) * (g(r, c) - product);
    }
  }
  return gradient;
}

PhiloxWords philox4x32(PhiloxWords counter, std::array<std::uint32_t, 2> key) {
  for (int round = 0; round < 10; ++round) {
    const std::uint64_t a = std::uint64_t{0xd2511f53} * counter[0];
    const std::uint64_t b = std::uint64_t{0xcd9e8d57} * counter[2];
    counter = {
        static_cast<std::uint32_t>(b >> 32) ^ counter[1] ^ key[0], static_cast<std::uint32_t>(b),
        static_cast<std::uint32_t>(a >> 32) ^ counter[3] ^ key[1], static_cast<std::uint32_t>(a)};
    key = {key[0] + 0x9e3779b9U, key[1] + 0xbb67ae85U};
  }
  return counter;
}

std::vector<std::uint8_t> dropout_keeps(std::size_t size, double rate, std::uint64_t seed) {
  std::vector<std::uint8_t> kept(size);
  for (std::size_t i = 0; i < size; ++i) {
    const std::uint64_t group = i / 4;
    const PhiloxWords words = philox4x32(
        {static_cast<std::uint32_t>(group), static_cast<std::uint32_t>(group >> 32), 0, 0},
        {static_cast<std::uint32_t>(seed), static_cast<std::uint32_t>(seed >> 32)});
    // The rate is rounded down to a multiple of 2^-32, as a word can tell no more.
    kept[i] = static_cast<double>(words[i % 4]) >= std::floor(rate * 0x1p32) ? 1 : 0;
  }
  return kept;
}

std::vector<double> drop(const std::vector<double>& x, const std::vector<std::uint8_t>& kept,
                         double rate) {
  std::vector<double> y(x.size());
  for (std::size_t i = 0; i < x.size(); ++i) y[i] = kept[i] != 0 ? x[i] / (1 - rate) : 0.0;
  return y;
}

}  // namespace fleetwright::gpu::reference
