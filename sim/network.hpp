#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "models/core/quantity.hpp"

namespace fleetwright {

using LinkId = std::uint32_t;

/// A switch, or several that routes need not tell apart.
struct SwitchPlace {
  int layer = 1;     // 1 holds NICs; routes go up the layers, then down
  int switches = 1;  // that it stands for
};

/// One direction of a cable, or of a bundle of cables over which traffic spreads evenly.
struct NetworkLink {
  std::string name;
  BytesPerSecond capacity;  // of all its cables
  int cables = 1;
  int from = 0;  // places
  int to = 0;
  bool bundle = false;
  /// The rail whose traffic alone it carries, where all rails carry alike; -1 elsewhere.
  int rail = -1;
};

/// What lies between two NICs.
struct Way {
  int switches = 1;
  Seconds distance;  // beyond what cables inside a building take
};

/// Bytes from a NIC to another.
struct NicDemand {
  int from = 0;
  int to = 0;
  Bytes bytes;
};

struct LinkLoad {
  LinkId link = 0;
  Bytes bytes;
};

/// The switches and cables between the NICs of a cluster. NICs are numbered node by node. Routes
/// are computed, not stored, and leave out links that cannot bind: places that only such links
/// join are one place. Immutable.
class Network {
 public:
  virtual ~Network() = default;

  [[nodiscard]] const std::vector<SwitchPlace>& places() const { return places_; }
  [[nodiscard]] const std::vector<NetworkLink>& links() const { return links_; }
  /// Pairs of places of which the first reaches the second without a link that could bind.
  [[nodiscard]] const std::vector<std::pair<int, int>>& joined() const { return joined_; }

  /// The place that a NIC hangs on.
  [[nodiscard]] virtual int place_of(int nic) const = 0;
  /// False where a node has to change to another of its NICs first.
  [[nodiscard]] virtual bool connects(int from, int to) const = 0;
  [[nodiscard]] virtual Way way(int from, int to) const = 0;
  /// The links from one NIC to another that it connects to. `flow` tells flows of the same pair
  /// apart where paths are hashed.
  [[nodiscard]] virtual std::vector<LinkId> route(int from, int to, std::uint64_t flow) const = 0;
  /// The links from a NIC up to a place of the top layer, and from there down to one.
  [[nodiscard]] virtual std::vector<LinkId> way_up(int nic, std::uint64_t flow) const = 0;
  [[nodiscard]] virtual std::vector<LinkId> way_down(int nic, std::uint64_t flow) const = 0;
  /// Flows into which loads() splits the bytes of a pair.
  [[nodiscard]] int flows_per_pair() const { return flows_per_pair_; }
  /// What demands that go on at the same time put on each link; links without a load are left out.
  [[nodiscard]] virtual std::vector<LinkLoad> loads(std::span<const NicDemand> demands) const;

 protected:
  Network() = default;
  Network(const Network&) = default;
  Network& operator=(const Network&) = default;

  /// Adds a link and its reverse: the second has the next id.
  void add_both_ways(NetworkLink up, std::string name_of_reverse);

  std::vector<SwitchPlace> places_;
  std::vector<NetworkLink> links_;
  std::vector<std::pair<int, int>> joined_;
  int flows_per_pair_ = 1;
};

}  // namespace fleetwright
