#include "models/schedules/builtin_schedules.hpp"

#include <array>

namespace fleetwright {

std::span<const RegistryRow<ScheduleFactory>> builtin_schedules() {
  static constexpr std::array<RegistryRow<ScheduleFactory>, 8> table{{
      {"1f1b",
       "One forward and one backward in turn after a warm-up, with at most pp micro-batches alive.",
       &make_one_f_one_b},
      {"interleaved",
       "1f1b over several model chunks a rank: a smaller bubble for more communication and memory.",
       &make_interleaved},
      {"zb-h1",
       "Zero bubble ZB-H1: 1f1b with weight gradients held back to fill the end of the step.",
       &make_zb_h1},
      {"zb-v",
       "Zero bubble in a V of two chunks a rank: almost none idle, with the activations of 1f1b.",
       &make_zb_v},
      {"v-half", "The V with half the activations of 1f1b and about half its bubble.",
       &make_v_half},
      {"v-min", "The V with a third of the activations of 1f1b, for passes of equal length.",
       &make_v_min},
      {"dualpipe",
       "Micro-batches from both ends, forward and backward overlapped, parameters held twice.",
       &make_dualpipe},
      {"dualpipe-v",
       "dualpipe cut in half: overlapped passes in a V of two chunks a rank, parameters held once.",
       &make_dualpipe_v},
  }};
  return table;
}

}  // namespace fleetwright
