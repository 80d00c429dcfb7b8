#pragma once

#include <QAbstractSpinBox>

#include "gui/models/setting.hpp"

namespace fleetwright::gui {

/// A field for a number with arrows that stop at its limits. What is typed may be beyond them, for
/// the one who types shall be told so and not be hindered; and it may be empty, which is the
/// default.
class NumberField : public QAbstractSpinBox {
  Q_OBJECT
  // Screen readers ask for these.
  Q_PROPERTY(double value READ value)
  Q_PROPERTY(double minimum READ minimum)
  Q_PROPERTY(double maximum READ maximum)

 public:
  explicit NumberField(AllowedValues allowed, QWidget* parent = nullptr);

  [[nodiscard]] QLineEdit& line() const { return *lineEdit(); }
  [[nodiscard]] double value() const { return number_of(text()).value_or(0); }
  [[nodiscard]] double minimum() const { return allowed_.minimum.value_or(0); }
  [[nodiscard]] double maximum() const { return allowed_.maximum.value_or(0); }

  QValidator::State validate(QString& typed, int& at) const override;
  void stepBy(int steps) override;

 signals:
  /// An arrow was pressed, on the keyboard or beside the field.
  void stepped();

 protected:
  [[nodiscard]] StepEnabled stepEnabled() const override;
  /// The wheel scrolls the form, it changes no setting.
  void wheelEvent(QWheelEvent* event) override;

 private:
  AllowedValues allowed_;
};

/// One step from a number as it is written: of its last digit. 1.3 becomes 1.4, 64 becomes 65; not
/// beyond the limits.
[[nodiscard]] QString stepped_number(const QString& written, int steps,
                                     const AllowedValues& allowed);

}  // namespace fleetwright::gui
