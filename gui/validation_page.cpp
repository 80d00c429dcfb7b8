#include "gui/validation_page.hpp"

#include <QComboBox>
#include <QFileDialog>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QSignalBlocker>
#include <QVBoxLayout>

#include "gui/models/scenario_library.hpp"
#include "gui/models/validation.hpp"

namespace fleetwright::gui {
namespace {

constexpr const char* shipped_cases = "tests/validation/data/published_steps.csv";

void fill(QComboBox& box, const QString& all, const QStringList& values) {
  const QSignalBlocker quiet(&box);
  box.clear();
  box.addItem(all);
  box.addItems(values);
}

QString chosen(const QComboBox& box) {
  return box.currentIndex() <= 0 ? QString() : box.currentText();
}

}  // namespace

ValidationPage::ValidationPage(QWidget* parent) : ChartPage(tr("Validation"), parent) {
  auto* tools = new QHBoxLayout;
  head().addLayout(tools);
  accelerator_ = new QComboBox(this);
  accelerator_->setAccessibleName(tr("Only this GPU"));
  framework_ = new QComboBox(this);
  framework_->setAccessibleName(tr("Only this framework"));
  framework_->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
  framework_->setMinimumContentsLength(18);
  accelerator_->setSizeAdjustPolicy(QComboBox::AdjustToContents);
  open_ = new QPushButton(tr("Open &cases…"), this);
  tools->addWidget(accelerator_);
  tools->addWidget(framework_, 1);
  tools->addWidget(open_);
  put_before_page({accelerator_, framework_, open_});
  connect(accelerator_, &QComboBox::currentIndexChanged, this, &ValidationPage::refresh);
  connect(framework_, &QComboBox::currentIndexChanged, this, &ValidationPage::refresh);
  connect(open_, &QPushButton::clicked, this, [this] {
    const QString file =
        QFileDialog::getOpenFileName(this, tr("Published cases"), {}, tr("Case files (*.csv)"));
    if (!file.isEmpty()) validate(file);
  });
  connect(&child_, &ChildProcess::finished, this, &ValidationPage::take);
  connect(&child_, &ChildProcess::progressed, this, [this](const Progress& progress) {
    show_empty(tr("Predicting published steps: %1 %").arg(qRound(100 * progress.share)));
  });
}

void ValidationPage::validate(const QString& cases) {
  if (child_.running()) return;
  show_empty(tr("Predicting published steps…"));
  child_.start(fleetwright_program(), {"validate", cases, "--format", "json"});
}

void ValidationPage::validate_shipped() {
  if (!report_.empty() || child_.running()) return;
  const QString cases = shipped_file(shipped_cases);
  if (cases.isEmpty()) {
    show_empty(
        tr("No published cases come with this installation. Open a case file (CSV) with "
           "File, Validate cases."));
    return;
  }
  validate(cases);
}

void ValidationPage::showEvent(QShowEvent* event) {
  ChartPage::showEvent(event);
  validate_shipped();
}

void ValidationPage::take(const ChildOutcome& outcome) {
  // Rows that cannot be read end the program with 2, and all others are in its answer.
  QString error;
  Report report = Report::parse(outcome.output, error);
  if (report.empty()) {
    show_empty(outcome.failure + "\n\n" + outcome.messages);
  } else {
    report_ = std::move(report);
    fill(*accelerator_, tr("all GPUs"), values_of(report_, "gpu"));
    fill(*framework_, tr("all frameworks"), values_of(report_, "framework"));
    refresh();
  }
  emit validated();
}

void ValidationPage::refresh() {
  if (report_.empty()) return;
  show_content(validation_content(report_, {chosen(*accelerator_), chosen(*framework_)}));
}

}  // namespace fleetwright::gui
