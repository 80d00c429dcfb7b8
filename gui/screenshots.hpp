#pragma once

#include <QString>
#include <QStringList>

namespace fleetwright::gui {

/// Leaves out what Qt says about a machine without a desktop.
void quieten_headless_qt();

/// Runs the scenarios and draws every page to PNG files in `folder`, in both themes and two sizes:
/// summary-dark-1280x800.png. The program's exit code; what fails is said on standard error.
int draw_screenshots(const QString& folder, const QStringList& scenarios);

/// Runs the scenarios and writes the pages of the last one as a PDF. The program's exit code.
int write_report(const QString& file, const QStringList& scenarios);

}  // namespace fleetwright::gui
