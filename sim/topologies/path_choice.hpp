#pragma once

#include <cstdint>

namespace fleetwright {

/// A way over a switch of the layer above: the cable up to it and the one down from it.
struct Crossing {
  int up = 0;
  int upper = 0;
  int down = 0;
};

/// The cables from lower switches to upper ones: each lower switch has the same number, and they
/// are dealt to the upper ones in turn, going on where the switch before stopped, so that the upper
/// ones get equally many. Needs cables >= uppers.
struct CableDeal {
  int cables = 1;  // of a lower switch
  int uppers = 1;

  [[nodiscard]] int upper_of(int lower, int cable) const;
  /// One of the cables that join the two; `choice` says which.
  [[nodiscard]] int cable_to(int lower, int upper, std::uint64_t choice) const;

  /// Any cable up, then any of those down to the right switch.
  [[nodiscard]] Crossing hashed(int from, int to, std::uint64_t up, std::uint64_t down) const;
  /// The same upper switch and the same cable down for all that goes to one receiver.
  [[nodiscard]] Crossing by_destination(int from, int to, std::uint64_t receiver) const;
};

/// A hash of a flow's ends and label at one switch of its way, as ECMP takes one of the header
/// (RFC 2992). `at` tells the switches of the way apart, so that their choices are independent.
[[nodiscard]] std::uint64_t flow_hash(std::uint64_t seed, int from_nic, int to_nic,
                                      std::uint64_t flow, int at);

}  // namespace fleetwright
