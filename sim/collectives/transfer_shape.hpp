#pragma once

#include <cstdint>

#include "models/core/quantity.hpp"
#include "models/operators.hpp"

namespace fleetwright {

/// Who sends to whom in a transfer.
enum class TransferPattern : std::uint8_t {
  inside_node,  // members of a node among each other
  ring,         // each to its counterpart in the next node of the group
  exchange,     // each to its counterparts in all other nodes of the group
  send,         // each GPU of a stage to its counterpart in another
};

/// What a transfer asks of the links, before it is dealt out as flows over them. All GPUs of its
/// stage do the same at the same time.
struct TransferShape {
  TransferPattern pattern = TransferPattern::inside_node;
  CommunicationGroup group = CommunicationGroup::tensor;  // not of a send
  int gpu = 0;                                            // stands for its stage; the sender
  int to = 0;                                             // the receiver of a send
  Bytes scale_out{};                                      // of one GPU to other nodes
  Bytes scale_up{};                                       // of one GPU inside its node
  /// What the experts before it compute at balanced routing: the fullest rank takes longer.
  Seconds expert_time{};

  bool operator==(const TransferShape&) const = default;
};

/// Whether its group spans replicas of the model.
[[nodiscard]] inline bool joins_replicas(const TransferShape& shape) {
  return shape.pattern != TransferPattern::send && (shape.group == CommunicationGroup::data ||
                                                    shape.group == CommunicationGroup::expert_data);
}

}  // namespace fleetwright
