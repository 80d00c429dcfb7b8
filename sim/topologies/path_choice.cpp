#include "sim/topologies/path_choice.hpp"

namespace fleetwright {
namespace {

// SplitMix64 (Steele, Lea and Flood, "Fast splittable pseudorandom number generators", OOPSLA
// 2014).
std::uint64_t mix(std::uint64_t z) {
  z += 0x9e3779b97f4a7c15ULL;
  z = (z ^ (z >> 30U)) * 0xbf58476d1ce4e5b9ULL;
  z = (z ^ (z >> 27U)) * 0x94d049bb133111ebULL;
  return z ^ (z >> 31U);
}

int modulo(std::uint64_t value, int divisor) {
  return static_cast<int>(value % static_cast<std::uint64_t>(divisor));
}

}  // namespace

int CableDeal::upper_of(int lower, int cable) const {
  return modulo(static_cast<std::uint64_t>(lower) * static_cast<std::uint64_t>(cables) +
                    static_cast<std::uint64_t>(cable),
                uppers);
}

int CableDeal::cable_to(int lower, int upper, std::uint64_t choice) const {
  const int first = (upper - upper_of(lower, 0) + uppers) % uppers;
  const int count = (cables - first + uppers - 1) / uppers;
  return first + modulo(choice, count) * uppers;
}

Crossing CableDeal::hashed(int from, int to, std::uint64_t up, std::uint64_t down) const {
  const int cable = modulo(up, cables);
  const int upper = upper_of(from, cable);
  return {cable, upper, cable_to(to, upper, down)};
}

Crossing CableDeal::by_destination(int from, int to, std::uint64_t receiver) const {
  const int upper = modulo(receiver, uppers);
  const std::uint64_t turn = receiver / static_cast<std::uint64_t>(uppers);
  return {cable_to(from, upper, turn), upper, cable_to(to, upper, turn)};
}

std::uint64_t flow_hash(std::uint64_t seed, int from_nic, int to_nic, std::uint64_t flow, int at) {
  std::uint64_t hash = mix(seed);
  hash = mix(hash ^ static_cast<std::uint64_t>(from_nic));
  hash = mix(hash ^ static_cast<std::uint64_t>(to_nic));
  hash = mix(hash ^ flow);
  return mix(hash ^ static_cast<std::uint64_t>(at));
}

}  // namespace fleetwright
