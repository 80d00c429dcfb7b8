#pragma once

#include <cstdint>

#include "profiles/gpu/kernels/hopper/decode_tile.hpp"
#include "profiles/gpu/kernels/on_both.hpp"

namespace fleetwright::gpu::hopper {

/// How the blocks of keys of all sequences are shared out: sequence after sequence they are a line,
/// which is cut into parts that are equal to within one block. A part is done for all rows of
/// queries by as many blocks of the GPU at the same time, so that they find the keys in the L2. A
/// sequence in more than one part leaves a partial result in each, in a slot of its own. Where
/// there are fewer blocks than parts, the last parts are empty.
struct DecodeSchedule {
  int batch = 0;
  int parts = 1;
  const std::int32_t* first_block = nullptr;     // [batch + 1]: blocks of the sequences before
  const std::int32_t* first_sequence = nullptr;  // [parts]: with the part's first block

  [[nodiscard]] FLEETWRIGHT_ON_BOTH constexpr int blocks() const { return first_block[batch]; }
  [[nodiscard]] FLEETWRIGHT_ON_BOTH constexpr int begin_of(int part) const {
    const int used = used_parts();
    return part < used ? static_cast<int>(std::int64_t{blocks()} * part / used) : blocks();
  }
  [[nodiscard]] FLEETWRIGHT_ON_BOTH constexpr int part_of(int block) const {
    return static_cast<int>(((block + std::int64_t{1}) * used_parts() - 1) / blocks());
  }
  [[nodiscard]] FLEETWRIGHT_ON_BOTH constexpr bool is_empty(int sequence) const {
    return first_block[sequence] == first_block[sequence + 1];
  }
  /// Not for empty sequences.
  [[nodiscard]] FLEETWRIGHT_ON_BOTH constexpr int first_part(int sequence) const {
    return part_of(first_block[sequence]);
  }
  [[nodiscard]] FLEETWRIGHT_ON_BOTH constexpr int last_part(int sequence) const {
    return part_of(first_block[sequence + 1] - 1);
  }
  /// Of a part at most the first and the last sequence are divided: the first, if it began in an
  /// earlier part, has the even slot.
  [[nodiscard]] FLEETWRIGHT_ON_BOTH constexpr int slot_of(int part, int sequence) const {
    return begin_of(part) < first_block[sequence] ? 2 * part + 1 : later_slot(part);
  }
  /// Of a sequence that began in an earlier part.
  [[nodiscard]] FLEETWRIGHT_ON_BOTH static constexpr int later_slot(int part) { return 2 * part; }
  [[nodiscard]] FLEETWRIGHT_ON_BOTH static constexpr int slots(int parts) { return 2 * parts; }

 private:
  [[nodiscard]] FLEETWRIGHT_ON_BOTH constexpr int used_parts() const {
    return blocks() < parts ? blocks() : parts;
  }
};

/// Parts for `row_blocks` blocks of queries on so many SMs.
[[nodiscard]] FLEETWRIGHT_ON_BOTH constexpr int decode_parts(int sms, int row_blocks) {
  return sms > row_blocks ? sms / row_blocks : 1;
}

/// Fills the two tables of a schedule.
FLEETWRIGHT_ON_BOTH constexpr void plan_decode(const std::int32_t* lengths, int batch, int parts,
                                               std::int32_t* first_block,
                                               std::int32_t* first_sequence) {
  std::int32_t blocks = 0;
  for (int s = 0; s < batch; ++s) {
    first_block[s] = blocks;
    blocks += (lengths[s] + DecodeTile::keys - 1) / DecodeTile::keys;
  }
  first_block[batch] = blocks;
  int sequence = 0;
  DecodeSchedule schedule;
  schedule.batch = batch;
  schedule.parts = parts;
  schedule.first_block = first_block;
  for (int part = 0; part < parts; ++part) {
    const int begin = schedule.begin_of(part);
    while (sequence < batch && first_block[sequence + 1] <= begin) ++sequence;
    first_sequence[part] = sequence;
  }
}

/// Some blocks of keys of one sequence.
struct DecodePiece {
  int sequence = 0;
  int first = 0;  // block of the sequence
  int blocks = 0;
  int slot = -1;  // of the partial result; -1: this is the whole sequence
};

/// Gives the pieces of a part.
class DecodeCursor {
 public:
  FLEETWRIGHT_ON_BOTH constexpr DecodeCursor(const DecodeSchedule& schedule, int part)
      : schedule_(schedule),
        part_(part),
        sequence_(static_cast<int>(schedule.first_sequence[part])),
        block_(schedule.begin_of(part)),
        end_(schedule.begin_of(part + 1)) {}

  /// False once there are no more.
  FLEETWRIGHT_ON_BOTH constexpr bool next(DecodePiece& piece) {
    const DecodeSchedule& s = schedule_;
    if (block_ == end_) return false;
    while (s.first_block[sequence_ + 1] <= block_) ++sequence_;
    const int first = s.first_block[sequence_], last = s.first_block[sequence_ + 1];
    const int stop = last < end_ ? last : end_;
    piece.sequence = sequence_;
    piece.first = block_ - first;
    piece.blocks = stop - block_;
    piece.slot = piece.blocks == last - first ? -1 : s.slot_of(part_, sequence_);
    block_ = stop;
    return true;
  }

 private:
  DecodeSchedule schedule_;
  int part_;
  int sequence_;
  int block_;  // of all sequences
  int end_;
};

}  // namespace fleetwright::gpu::hopper
