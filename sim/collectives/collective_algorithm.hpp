#pragma once

#include <memory>
#include <string>
#include <vector>

#include "models/operators.hpp"
#include "sim/collectives/transfer_shape.hpp"

namespace fleetwright {

/// Who takes part in a collective: as many GPUs on each of some nodes. GPUs are counted node by
/// node.
struct CollectiveGroup {
  int nodes = 1;
  int per_node = 1;

  [[nodiscard]] int ranks() const { return nodes * per_node; }
};

/// What an algorithm asks of one GPU and of the links, averaged over the rails that it is spread
/// on.
struct CollectiveWork {
  double scale_up_steps = 0;  // one after the other
  double scale_out_steps = 0;
  Bytes scale_up;                                   // through a GPU's port, each way
  Bytes scale_out;                                  // of a GPU to other nodes
  TransferPattern pattern = TransferPattern::ring;  // between nodes
};

/// Chunks that one participant hands to another in a round. Participants beyond the ranks are
/// switches that add up: one for each node, and one that joins those.
struct ChunkMove {
  int from = 0;
  int to = 0;
  std::vector<int> chunks;
  bool adds = false;  // to what the receiver has; else in its place
};

/// A collective played out: rounds of moves that go on at the same time. Chunks are equal parts of
/// the message; of an all-to-all, chunk a * ranks + b is what a has for b.
struct CollectiveScore {
  int chunks = 1;
  std::vector<int> owner;  // of each chunk, where each belongs to one rank
  std::vector<std::vector<ChunkMove>> rounds;
};

/// A way to do collectives. Bytes of a collective are those of CollectiveCall; of an all-to-all
/// (dispatch, combine) all that one GPU has for the others, and as much again for itself.
class CollectiveAlgorithm {
 public:
  virtual ~CollectiveAlgorithm() = default;
  [[nodiscard]] virtual bool supports(CollectiveKind kind, const CollectiveGroup& group) const = 0;
  /// Of a supported collective.
  [[nodiscard]] virtual CollectiveWork work(CollectiveKind kind, Bytes bytes,
                                            const CollectiveGroup& group) const = 0;
  /// The same collective move by move, to be checked.
  [[nodiscard]] virtual CollectiveScore score(CollectiveKind kind,
                                              const CollectiveGroup& group) const = 0;
};

[[nodiscard]] inline bool is_all_to_all(CollectiveKind kind) {
  return kind == CollectiveKind::dispatch || kind == CollectiveKind::combine;
}

/// Passes over the group: an all-reduce is a reduce-scatter and an all-gather.
[[nodiscard]] inline double passes_of(CollectiveKind kind) {
  return kind == CollectiveKind::all_reduce ? 2 : 1;
}

}  // namespace fleetwright
