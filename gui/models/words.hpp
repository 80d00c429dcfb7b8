#pragma once

#include <QCoreApplication>
#include <QString>

namespace fleetwright::gui {

/// English text that is shown to people, through the translation of the application.
inline QString words(const char* english) {
  return QCoreApplication::translate("fleetwright", english);
}

}  // namespace fleetwright::gui
