#pragma once

#include <QStringList>

#include "gui/models/content.hpp"
#include "gui/models/report.hpp"

namespace fleetwright::gui {

/// Which cases of a validation are shown; empty is all.
struct ValidationFilter {
  QString accelerator;
  QString framework;
};

/// The values that a filter may have, sorted: of "gpu" or "framework".
[[nodiscard]] QStringList values_of(const Report& validation, const QString& field);

/// Predicted against measured step times of `fleetwright validate --format json`. The n-th point of
/// the chart and the n-th row of the table are the same case.
[[nodiscard]] PageContent validation_content(const Report& validation,
                                             const ValidationFilter& filter);

}  // namespace fleetwright::gui
