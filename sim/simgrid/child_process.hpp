#pragma once

#include <functional>
#include <vector>

namespace fleetwright {

/// Runs `work` in a copy of this process and brings its result back, so that what it does to global
/// state or memory stays there. Throws Error with the child's message if `work` threw, or with what
/// ended the child. Safe from several threads at once, as far as `work` needs no lock another
/// holds.
[[nodiscard]] std::vector<double> run_in_child(const std::function<std::vector<double>()>& work);

using ReportProgress = std::function<void(double share)>;

/// As above; what the child reports is passed on to `progress` here, if there is one.
[[nodiscard]] std::vector<double> run_in_child(
    const std::function<std::vector<double>(const ReportProgress& report)>& work,
    const ReportProgress& progress);

}  // namespace fleetwright
