#include "profiles/coverage.hpp"

#include <array>
#include <map>
#include <utility>

#include "profiles/time_models/kernel_key.hpp"
#include "profiles/time_models/roofline.hpp"

namespace fleetwright {

std::vector<Coverage> coverage_of(const AcceleratorProfile& profile) {
  std::map<std::pair<std::string, ProvenanceKind>, Coverage> rows;
  std::map<std::pair<std::string, ProvenanceKind>, std::set<std::array<double, 4>>> shapes;
  for (const KernelSample& sample : profile.kernels) {
    const std::pair key(kernel_key(sample.op), sample.kind);
    Coverage& row = rows[key];
    row.kernel = key.first;
    row.kind = sample.kind;
    shapes[key].insert(shape_coordinates(sample.op));
    row.libraries.insert(sample.library);
    if (sample.kind != ProvenanceKind::measured) {
      row.sources.insert(sample.source);
      continue;
    }
    if (row.oldest.empty() || sample.date < row.oldest) row.oldest = sample.date;
    if (sample.date > row.newest) row.newest = sample.date;
  }
  std::vector<Coverage> result;
  for (auto& [key, row] : rows) {
    row.shapes = static_cast<int>(shapes[key].size());
    result.push_back(std::move(row));
  }
  return result;
}

}  // namespace fleetwright
