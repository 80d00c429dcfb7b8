#include "gui/number_field.hpp"

#include <QLineEdit>
#include <QWheelEvent>
#include <algorithm>
#include <cmath>
#include <limits>

namespace fleetwright::gui {

NumberField::NumberField(AllowedValues allowed, QWidget* parent)
    : QAbstractSpinBox(parent), allowed_(std::move(allowed)) {
  setFocusPolicy(Qt::StrongFocus);
}

QValidator::State NumberField::validate(QString& /*typed*/, int& /*at*/) const {
  return QValidator::Acceptable;
}

void NumberField::stepBy(int steps) {
  const QString before = text();
  const QString after = stepped_number(before, steps, allowed_);
  if (after == before) return;
  line().setText(after);
  emit stepped();
}

QAbstractSpinBox::StepEnabled NumberField::stepEnabled() const {
  const std::optional<double> number = number_of(text());
  if (!number) return StepNone;
  StepEnabled steps = StepNone;
  if (*number < maximum()) steps |= StepUpEnabled;
  if (*number > minimum()) steps |= StepDownEnabled;
  return steps;
}

void NumberField::wheelEvent(QWheelEvent* event) { event->ignore(); }

QString stepped_number(const QString& written, int steps, const AllowedValues& allowed) {
  const std::optional<double> number = number_of(written);
  if (!number) return written;
  constexpr double infinity = std::numeric_limits<double>::infinity();
  const auto within = [&](double value) {
    return std::clamp(value, allowed.minimum.value_or(-infinity),
                      allowed.maximum.value_or(infinity));
  };
  if (allowed.type == "integer") {
    return QString::number(static_cast<qlonglong>(within(*number + steps)));
  }
  const auto exponent = written.indexOf('e', 0, Qt::CaseInsensitive);
  const QString mantissa = written.left(exponent < 0 ? written.size() : exponent);
  const auto dot = mantissa.indexOf('.');
  const int decimals = dot < 0 ? 0 : static_cast<int>(mantissa.size() - dot - 1);
  const int power = exponent < 0 ? 0 : written.mid(exponent + 1).toInt();
  const double next = within(*number + steps * std::pow(10.0, power - decimals));
  const QString text =
      exponent < 0 ? QString::number(next, 'f', decimals) : QString::number(next, 'e', decimals);
  // A limit may have more digits than were written.
  constexpr int all_digits = 12;
  const double read = text.toDouble();
  return read == within(read) ? text : QString::number(next, 'g', all_digits);
}

}  // namespace fleetwright::gui
