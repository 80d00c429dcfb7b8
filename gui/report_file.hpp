#pragma once

#include <QObject>

#include "gui/models/child_process.hpp"
#include "gui/models/run.hpp"

namespace fleetwright::gui {

class Page;

/// Has the program write the report of a run to a file, as HTML.
class HtmlReport : public QObject {
  Q_OBJECT

 public:
  explicit HtmlReport(QObject* parent = nullptr);

  void write(const Run& run, const QString& file);

 signals:
  /// `error` is empty if it was written.
  void written(const QString& file, const QString& error);

 private:
  ChildProcess child_;
  QString file_;
};

/// Writes the pages as a PDF: the answer, chart and table of each; false, with a sentence in
/// `error`, where the file cannot be written.
bool write_pdf(const QString& title, const std::vector<Page*>& pages, const QString& file,
               QString& error);

}  // namespace fleetwright::gui
