#pragma once

#include <QObject>
#include <QTemporaryDir>

#include "gui/models/child_process.hpp"
#include "gui/models/run.hpp"

namespace fleetwright::gui {

class Page;

/// The prediction (`simulate`, `estimate`), or what it costs, for a board (`cost`).
enum class HtmlKind { prediction, board };

/// Has the program write the report of a run to a file, as HTML.
class HtmlReport : public QObject {
  Q_OBJECT

 public:
  explicit HtmlReport(QObject* parent = nullptr);

  void write(const Run& run, const QString& file, HtmlKind kind = HtmlKind::prediction);

 signals:
  /// `error` is empty if it was written.
  void written(const QString& file, const QString& error);

 private:
  QTemporaryDir folder_;
  ChildProcess child_;
  QString file_;
};

/// Writes the pages as a PDF: the answer, chart and table of each; false, with a sentence in
/// `error`, where the file cannot be written.
bool write_pdf(const QString& title, const std::vector<Page*>& pages, const QString& file,
               QString& error);

}  // namespace fleetwright::gui
