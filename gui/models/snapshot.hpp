#pragma once

#include <QString>

namespace fleetwright::gui {

/// Writes `text` into `folder` under the name of the file it is from, beside links to that file's
/// neighbours, so that relative paths in it lead where they did. The new file; empty, with a
/// sentence in `error`, where it cannot be written.
[[nodiscard]] QString write_snapshot(const QString& folder, const QString& origin,
                                     const QString& text, QString& error);

}  // namespace fleetwright::gui
