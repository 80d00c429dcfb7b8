#include "profiles/gpu/timing/clock_stamps.hpp"

#include <algorithm>
#include <utility>

#include "profiles/gpu/timing/median.hpp"

namespace fleetwright::gpu {
namespace {

constexpr std::uint64_t window_ns = 200'000;

// The stamps of a batch by rows.
class Rows {
 public:
  Rows(std::span<const ClockStamp> stamps, std::size_t row_size)
      : stamps_(stamps), row_size_(row_size) {}
  [[nodiscard]] std::size_t size() const { return stamps_.size() / row_size_; }
  [[nodiscard]] std::span<const ClockStamp> operator[](std::size_t row) const {
    return stamps_.subspan(row * row_size_, row_size_);
  }

 private:
  std::span<const ClockStamp> stamps_;
  std::size_t row_size_;
};

// When the first SM wrote its stamp; 0 if none did.
std::uint64_t time_of(std::span<const ClockStamp> row) {
  std::uint64_t earliest = 0;
  for (const ClockStamp& stamp : row) {
    if (stamp.ns != 0 && (earliest == 0 || stamp.ns < earliest)) earliest = stamp.ns;
  }
  return earliest;
}

}  // namespace

double clock_mhz(std::span<const ClockStamp> from, std::span<const ClockStamp> to) {
  std::vector<double> clocks;
  for (std::size_t sm = 0; sm < std::min(from.size(), to.size()); ++sm) {
    if (from[sm].ns == 0 || to[sm].ns <= from[sm].ns || to[sm].cycles <= from[sm].cycles) continue;
    clocks.push_back(static_cast<double>(to[sm].cycles - from[sm].cycles) * 1e3 /
                     static_cast<double>(to[sm].ns - from[sm].ns));
  }
  return median(std::move(clocks));
}

double elapsed_us(std::span<const ClockStamp> from, std::span<const ClockStamp> to) {
  const std::uint64_t start = time_of(from), end = time_of(to);
  return start == 0 || end < start ? 0 : static_cast<double>(end - start) / 1e3;
}

std::vector<double> launch_clocks(std::span<const ClockStamp> stamps, std::size_t row_size) {
  const Rows rows(stamps, row_size);
  std::vector<std::uint64_t> times(rows.size());
  for (std::size_t row = 0; row < rows.size(); ++row) times[row] = time_of(rows[row]);
  std::vector<double> clocks;
  for (std::size_t before = 1; before + 1 < rows.size(); before += 2) {
    std::size_t from = before, to = before + 1;
    while (times[to] < times[from] + window_ns && (from > 0 || to + 1 < rows.size())) {
      // The time before the batch tells least: it is the last to be taken in.
      const bool room_after = to + 1 < rows.size();
      if (room_after) ++to;
      if (from > 1 || (from == 1 && !room_after)) --from;
    }
    clocks.push_back(clock_mhz(rows[from], rows[to]));
  }
  return clocks;
}

}  // namespace fleetwright::gpu
