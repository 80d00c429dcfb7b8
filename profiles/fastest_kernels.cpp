#include "profiles/fastest_kernels.hpp"

#include <map>
#include <string>
#include <utility>

#include "profiles/operator_columns.hpp"

namespace fleetwright {

std::vector<const KernelSample*> fastest_measured(const std::vector<KernelSample>& kernels) {
  std::map<std::pair<std::vector<std::string>, double>, const KernelSample*> fastest;
  for (const KernelSample& sample : kernels) {
    if (sample.kind != ProvenanceKind::measured || sample.library.ends_with("-uneven") ||
        sample.library.ends_with("-masked")) {
      continue;
    }
    const KernelSample*& best = fastest[{operator_cells(sample.op), sample.sms}];
    if (best == nullptr || sample.time < best->time) best = &sample;
  }
  std::vector<const KernelSample*> samples;
  samples.reserve(fastest.size());
  for (const auto& [what, sample] : fastest) samples.push_back(sample);
  return samples;
}

}  // namespace fleetwright
