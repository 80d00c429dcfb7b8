#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

#include "sim/collectives/builtin_collectives.hpp"

// Plays every algorithm out on small groups.
namespace fleetwright {
namespace {

constexpr CollectiveKind all_kinds[] = {CollectiveKind::all_reduce, CollectiveKind::all_gather,
                                        CollectiveKind::reduce_scatter, CollectiveKind::dispatch,
                                        CollectiveKind::combine};

/// Whose parts a participant's chunk is the sum of.
using Sum = std::set<int>;

/// What each participant has of each chunk.
class Stage {
 public:
  Stage(CollectiveKind kind, const CollectiveGroup& group, const CollectiveScore& score)
      : kind_(kind), group_(group), score_(score) {
    const auto participants = static_cast<std::size_t>(group.ranks() + group.nodes + 1);
    has_.assign(participants, std::vector<Sum>(static_cast<std::size_t>(score.chunks)));
    for (int rank = 0; rank < group.ranks(); ++rank) {
      for (int chunk = 0; chunk < score.chunks; ++chunk) {
        if (begins_with(rank, chunk)) at(rank, chunk) = {rank};
      }
    }
  }

  void play() {
    for (const std::vector<ChunkMove>& round : score_.rounds) {
      const std::vector<std::vector<Sum>> before = has_;
      for (const ChunkMove& move : round) {
        EXPECT_NE(move.from, move.to);
        count(move);
        for (const int chunk : move.chunks) {
          const Sum& sent =
              before[static_cast<std::size_t>(move.from)][static_cast<std::size_t>(chunk)];
          EXPECT_FALSE(sent.empty()) << move.from << " has no chunk " << chunk;
          Sum& kept = at(move.to, chunk);
          if (!move.adds) kept.clear();
          for (const int part : sent) {
            EXPECT_TRUE(kept.insert(part).second) << "part " << part << " is added twice";
          }
        }
      }
    }
  }

  void expect_done() {
    Sum all;
    for (int rank = 0; rank < group_.ranks(); ++rank) all.insert(rank);
    for (int rank = 0; rank < group_.ranks(); ++rank) {
      for (int chunk = 0; chunk < score_.chunks; ++chunk) {
        const int ranks = group_.ranks();
        if (is_all_to_all(kind_)) {
          if (chunk % ranks == rank) {
            EXPECT_EQ(at(rank, chunk), Sum{chunk / ranks});
          }
        } else if (kind_ == CollectiveKind::all_reduce) {
          EXPECT_EQ(at(rank, chunk), all);
        } else if (kind_ == CollectiveKind::all_gather) {
          EXPECT_EQ(at(rank, chunk), Sum{owner(chunk)});
        } else if (owner(chunk) == rank) {
          EXPECT_EQ(at(rank, chunk), all);
        }
      }
    }
  }

  /// Chunks that GPUs sent inside their nodes and out of them.
  int inside = 0;
  std::map<int, int> outside;  // by node

 private:
  Sum& at(int participant, int chunk) {
    return has_[static_cast<std::size_t>(participant)][static_cast<std::size_t>(chunk)];
  }
  [[nodiscard]] int owner(int chunk) const { return score_.owner[static_cast<std::size_t>(chunk)]; }
  [[nodiscard]] bool begins_with(int rank, int chunk) const {
    if (is_all_to_all(kind_)) return chunk / group_.ranks() == rank;
    return kind_ != CollectiveKind::all_gather || owner(chunk) == rank;
  }
  [[nodiscard]] int node_of(int participant) const {
    if (participant < group_.ranks()) return participant / group_.per_node;
    return participant - group_.ranks();  // a node's switch; the network's is of none
  }
  [[nodiscard]] bool changes_rail(const ChunkMove& move) const {
    return move.to < group_.ranks() && move.from % group_.per_node != move.to % group_.per_node;
  }
  void count(const ChunkMove& move) {
    if (move.from >= group_.ranks()) return;  // a switch
    const int chunks = static_cast<int>(move.chunks.size());
    const bool leaves = node_of(move.from) != node_of(move.to);
    if (leaves) outside[node_of(move.from)] += chunks;
    if (!leaves || changes_rail(move)) inside += chunks;
  }

  CollectiveKind kind_;
  CollectiveGroup group_;
  const CollectiveScore& score_;
  std::vector<std::vector<Sum>> has_;
};

class Collectives : public ::testing::TestWithParam<std::string> {
 protected:
  /// Visits each collective that the algorithm can do on groups of up to 32.
  template <typename Visit>
  void for_each(Visit visit) {
    const auto algorithm = find_row(builtin_collectives(), GetParam())->make();
    int visited = 0;
    for (const CollectiveKind kind : all_kinds) {
      for (int nodes = 1; nodes <= 9; ++nodes) {
        for (int per_node = 1; nodes * per_node <= 32; ++per_node) {
          const CollectiveGroup group{nodes, per_node};
          if (!algorithm->supports(kind, group)) continue;
          SCOPED_TRACE(fmt::format("{} on {} nodes of {}", to_string(kind), nodes, per_node));
          visit(*algorithm, kind, group);
          ++visited;
          if (::testing::Test::HasFailure()) return;
        }
      }
    }
    EXPECT_GT(visited, 10);
  }
};

TEST_P(Collectives, BringEveryRankWhatItIsToHave) {
  for_each(
      [](const CollectiveAlgorithm& algorithm, CollectiveKind kind, const CollectiveGroup& group) {
        const CollectiveScore score = algorithm.score(kind, group);
        Stage stage(kind, group, score);
        stage.play();
        stage.expect_done();
      });
}

TEST_P(Collectives, MoveAsManyBytesAsTheySay) {
  for_each(
      [](const CollectiveAlgorithm& algorithm, CollectiveKind kind, const CollectiveGroup& group) {
        const CollectiveScore score = algorithm.score(kind, group);
        Stage stage(kind, group, score);
        stage.play();
        const int parts = is_all_to_all(kind) ? group.ranks() : score.chunks;
        const CollectiveWork work = algorithm.work(kind, Bytes{1e6 * parts}, group);
        EXPECT_NEAR(work.scale_up.si() * group.ranks(), 1e6 * stage.inside, 1);
        int most = 0;
        for (const auto& [node, chunks] : stage.outside) most = std::max(most, chunks);
        EXPECT_NEAR(work.scale_out.si() * group.per_node, 1e6 * most, 1);
      });
}

TEST_P(Collectives, TakeStepsWhereTheyGo) {
  for_each(
      [](const CollectiveAlgorithm& algorithm, CollectiveKind kind, const CollectiveGroup& group) {
        const CollectiveWork work = algorithm.work(kind, Bytes{1e6}, group);
        EXPECT_EQ(work.scale_out_steps > 0, group.nodes > 1);
        EXPECT_EQ(work.scale_up_steps > 0, group.per_node > 1);
        EXPECT_EQ(work.scale_out > Bytes{0}, group.nodes > 1);
      });
}

INSTANTIATE_TEST_SUITE_P(All, Collectives, ::testing::ValuesIn(names_of(builtin_collectives())),
                         [](const auto& test) {
                           std::string name = test.param;
                           std::erase(name, '-');
                           return name;
                         });

}  // namespace
}  // namespace fleetwright
