#include "models/schedules/builtin_schedules.hpp"

#include <array>

namespace fleetwright {

std::span<const RegistryRow<ScheduleFactory>> builtin_schedules() {
  static constexpr std::array<RegistryRow<ScheduleFactory>, 3> table{{
      {"1f1b",
       "One forward and one backward in turn after a warm-up, with at most pp micro-batches alive.",
       &make_one_f_one_b},
      {"interleaved",
       "1f1b over several model chunks a rank: a smaller bubble for more communication and memory.",
       &make_interleaved},
      {"dualpipe",
       "Micro-batches from both ends, forward and backward overlapped, parameters held twice.",
       &make_dualpipe},
  }};
  return table;
}

}  // namespace fleetwright
