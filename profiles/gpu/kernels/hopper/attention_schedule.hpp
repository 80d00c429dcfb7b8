#pragma once

// Which queries and keys a block of the attention kernels has.

#include "profiles/gpu/kernels/hopper/attention_backward_tile.hpp"
#include "profiles/gpu/kernels/hopper/attention_problem.hpp"

namespace fleetwright::gpu::hopper {

/// Forward: queries of a head, and how many blocks of keys they see. The last queries, which see
/// most keys, come first.
struct QueryBlock {
  int query, head, kv_head, batch, first_row, key_blocks;

  FLEETWRIGHT_ON_BOTH QueryBlock(const AttentionProblem& p, int number) {
    using Tile = AttentionTile;
    const int planes = p.heads * p.batch;
    query = (blocks_of(p.tokens) - 1 - number / planes) * Tile::queries;
    head = number % planes % p.heads;
    batch = number % planes / p.heads;
    kv_head = head / (p.heads / p.kv_heads);
    first_row = batch * p.tokens;
    key_blocks = query / Tile::keys + 1;
  }
  [[nodiscard]] FLEETWRIGHT_ON_BOTH static int blocks_of(int tokens) {
    return (tokens + AttentionTile::queries - 1) / AttentionTile::queries;
  }
  [[nodiscard]] FLEETWRIGHT_ON_BOTH static int count(const AttentionProblem& p) {
    return blocks_of(p.tokens) * p.heads * p.batch;
  }
};

/// Backward: keys of a key head. The first keys, which most queries see, come first.
struct KeyBlock {
  int key, kv_head, batch, first_row;

  FLEETWRIGHT_ON_BOTH KeyBlock(const AttentionProblem& p, int number) {
    const int planes = p.kv_heads * p.batch;
    key = number / planes * AttentionBackwardTile::keys;
    kv_head = number % planes % p.kv_heads;
    batch = number % planes / p.kv_heads;
    first_row = batch * p.tokens;
  }
  [[nodiscard]] FLEETWRIGHT_ON_BOTH static int count(const AttentionProblem& p) {
    constexpr int keys = AttentionBackwardTile::keys;
    return (p.tokens + keys - 1) / keys * p.kv_heads * p.batch;
  }
};

/// The blocks of queries that see a block of keys, of all heads that read them.
struct QueryCursor {
  int query, head, heads_left;

  FLEETWRIGHT_ON_BOTH QueryCursor(const AttentionProblem& p, const KeyBlock& keys)
      : query(keys.key),
        head(keys.kv_head * (p.heads / p.kv_heads)),
        heads_left(p.heads / p.kv_heads) {}
  [[nodiscard]] FLEETWRIGHT_ON_BOTH bool more() const { return heads_left > 0; }
  FLEETWRIGHT_ON_BOTH void advance(const AttentionProblem& p, const KeyBlock& keys) {
    query += AttentionBackwardTile::queries;
    if (query < p.tokens) return;
    query = keys.key;
    ++head;
    --heads_left;
  }
};

}  // namespace fleetwright::gpu::hopper
