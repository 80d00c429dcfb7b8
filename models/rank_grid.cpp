#include "models/rank_grid.hpp"

namespace fleetwright {
namespace {

std::vector<int> strided(int first, int stride, int count) {
  std::vector<int> ranks;
  ranks.reserve(static_cast<std::size_t>(count));
  for (int i = 0; i < count; ++i) ranks.push_back(first + i * stride);
  return ranks;
}

}  // namespace

int RankGrid::rank(const RankCoordinates& at) const {
  return ((at.pp * strategy_.dp + at.dp) * strategy_.cp + at.cp) * strategy_.tp + at.tp;
}

RankCoordinates RankGrid::coordinates(int rank) const {
  RankCoordinates at;
  at.tp = rank % strategy_.tp;
  rank /= strategy_.tp;
  at.cp = rank % strategy_.cp;
  rank /= strategy_.cp;
  at.dp = rank % strategy_.dp;
  at.pp = rank / strategy_.dp;
  return at;
}

std::vector<int> RankGrid::tensor_group(int rank) const {
  return strided(rank - rank % strategy_.tp, 1, strategy_.tp);
}

std::vector<int> RankGrid::context_group(int rank) const {
  RankCoordinates first = coordinates(rank);
  first.cp = 0;
  return strided(this->rank(first), strategy_.tp, strategy_.cp);
}

std::vector<int> RankGrid::data_group(int rank) const {
  RankCoordinates first = coordinates(rank);
  first.cp = first.dp = 0;
  return strided(this->rank(first), strategy_.tp, strategy_.cp * strategy_.dp);
}

std::vector<int> RankGrid::expert_group(int rank) const {
  const int stage_first = rank - rank % stage_ranks();
  const int within = rank - stage_first;
  const int size = strategy_.ep * strategy_.etp;
  // Ranks of the same position in the expert-tensor group hold different experts.
  return strided(stage_first + within - within % size + within % strategy_.etp, strategy_.etp,
                 strategy_.ep);
}

std::vector<int> RankGrid::expert_data_group(int rank) const {
  const int stage_first = rank - rank % stage_ranks();
  const int size = strategy_.ep * strategy_.etp;
  return strided(stage_first + (rank - stage_first) % size, size, strategy_.expert_dp());
}

std::vector<int> RankGrid::pipeline_group(int rank) const {
  return strided(rank % stage_ranks(), stage_ranks(), strategy_.pp);
}

}  // namespace fleetwright
