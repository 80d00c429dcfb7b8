#pragma once

#include "gui/chart_page.hpp"
#include "gui/models/child_process.hpp"
#include "gui/models/report.hpp"

class QComboBox;
class QPushButton;

namespace fleetwright::gui {

/// Predicted against measured step times of a file of published cases.
class ValidationPage : public ChartPage {
  Q_OBJECT

 public:
  explicit ValidationPage(QWidget* parent = nullptr);

  /// Has the program predict the cases of a file.
  void validate(const QString& cases);
  /// The cases that come with the program, unless others are there already.
  void validate_shipped();
  [[nodiscard]] bool running() const { return child_.running(); }
  [[nodiscard]] QComboBox& accelerators() { return *accelerator_; }

 signals:
  void validated();

 protected:
  void showEvent(QShowEvent* event) override;

 private:
  void take(const ChildOutcome& outcome);
  void refresh();

  ChildProcess child_;
  Report report_;
  QComboBox* accelerator_;
  QComboBox* framework_;
  QPushButton* open_;
};

}  // namespace fleetwright::gui
