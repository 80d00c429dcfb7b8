#include "profiles/gpu/reference/storage_formats.hpp"

#include <cmath>

namespace fleetwright::gpu::reference {

std::uint16_t encode_e5m6(double x) {
  const int sign = std::signbit(x) ? 0x800 : 0;
  const double magnitude = std::abs(x);
  if (magnitude < 0x1p-14) {  // subnormal: units of 2^-20
    return static_cast<std::uint16_t>(sign | static_cast<int>(magnitude * 0x1p20));
  }
  const int exponent = std::ilogb(magnitude);
  const int fraction = static_cast<int>((magnitude / std::ldexp(1.0, exponent) - 1.0) * 64.0);
  return static_cast<std::uint16_t>(sign | ((exponent + 15) << 6) | fraction);
}

double decode_e5m6(std::uint16_t code) {
  const int exponent = (code >> 6) & 31, fraction = code & 63;
  const double sign = (code & 0x800) != 0 ? -1.0 : 1.0;
  if (exponent == 0) return sign * fraction * 0x1p-20;
  return sign * std::ldexp(1.0 + fraction / 64.0, exponent - 15);
}

std::vector<std::uint32_t> pack_12bit(const std::vector<std::uint16_t>& codes) {
  std::vector<std::uint32_t> words(codes.size() * 12 / 32);
  for (std::size_t bit = 0; bit < words.size() * 32; ++bit) {
    const unsigned value = codes[bit / 12] >> (bit % 12) & 1U;
    words[bit / 32] |= value << (bit % 32);
  }
  return words;
}

std::vector<std::uint16_t> unpack_12bit(const std::vector<std::uint32_t>& words) {
  std::vector<std::uint16_t> codes(words.size() * 32 / 12);
  for (std::size_t bit = 0; bit < words.size() * 32; ++bit) {
    const unsigned value = words[bit / 32] >> (bit % 32) & 1U;
    codes[bit / 12] = static_cast<std::uint16_t>(codes[bit / 12] | value << (bit % 12));
  }
  return codes;
}

}  // namespace fleetwright::gpu::reference
