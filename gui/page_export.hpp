#pragma once

#include <QString>

namespace fleetwright::gui {

class Page;

/// Writes a page's picture (.png, .svg) or table (.csv), as the file's ending says; false, with a
/// sentence in `error`, where that fails.
bool export_page(Page& page, const QString& file, QString& error);

}  // namespace fleetwright::gui
