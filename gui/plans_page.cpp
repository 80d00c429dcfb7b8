#include "gui/plans_page.hpp"

#include <QHBoxLayout>
#include <QPushButton>
#include <QVBoxLayout>

#include "gui/models/plans.hpp"
#include "gui/models/snapshot.hpp"

namespace fleetwright::gui {

PlansPage::PlansPage(QWidget* parent) : ChartPage(tr("Plans"), parent) {
  auto* tools = new QHBoxLayout;
  tools->setContentsMargins(0, 9, 0, 0);
  search_ = new QPushButton(tr("&Search for strategies"), this);
  use_ = new QPushButton(tr("&Use the selected plan"), this);
  use_->setToolTip(
      tr("Writes its strategy into the scenario, as a click on its point or Enter on its row does; "
         "undo takes it back."));
  use_->setEnabled(false);
  tools->addWidget(search_);
  tools->addWidget(use_);
  tools->addStretch(1);
  // Above the page, so that it can be searched while there is nothing to show.
  always_shown().addLayout(tools);
  put_before_page({search_, use_});
  connect(search_, &QPushButton::clicked, this, [this] {
    if (child_.running()) {
      child_.cancel();
    } else {
      emit search_wanted();
    }
  });
  connect(use_, &QPushButton::clicked, this, [this] { use(selected_row()); });
  connect(this, &ChartPage::row_chosen, this, &PlansPage::use);
  connect(&child_, &ChildProcess::finished, this, &PlansPage::take);
  connect(&child_, &ChildProcess::progressed, this, [this](const Progress& progress) {
    show_empty(
        tr("%1: %2 % %3").arg(progress.stage).arg(qRound(100 * progress.share)).arg(progress.left));
  });
  show_advice();
}

void PlansPage::show_advice() {
  show_empty(
      tr("Which strategy is fastest on these machines? Open a scenario and search: the program "
         "tries thousands and simulates the best."));
}

void PlansPage::set_scenario(const QString& file) {
  if (file == scenario_) return;
  scenario_ = file;
  if (child_.running()) child_.cancel();
  plans_ = {};
  use_->setEnabled(false);
  show_advice();
  emit found(plans_);
}

void PlansPage::search(const QString& origin, const QString& text) {
  if (child_.running()) return;
  QString error;
  const QString file = write_snapshot(folder_.filePath("plan"), origin, text, error);
  if (file.isEmpty()) {
    show_empty(error);
    return;
  }
  use_->setEnabled(false);
  search_->setText(tr("&Cancel the search"));
  show_empty(tr("Searching…"));
  child_.start(fleetwright_program(), {"plan", file, "--format", "json"});
}

void PlansPage::take(const ChildOutcome& outcome) {
  search_->setText(tr("&Search again"));
  QString error;
  Report plans = Report::parse(outcome.output, error);
  PageContent content = plans_content(plans);
  if (!outcome.failure.isEmpty() || content.empty()) {
    show_empty((outcome.failure.isEmpty() ? error : outcome.failure) + "\n\n" + outcome.messages);
    return;
  }
  plans_ = std::move(plans);
  emit found(plans_);
  show_content(std::move(content));
  select_row(0);
  use_->setEnabled(true);
}

void PlansPage::use(int row) {
  if (row >= 0) emit chosen(strategy_of_plan(plans_, row));
}

}  // namespace fleetwright::gui
