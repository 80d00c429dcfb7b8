#include "gui/fleet_page.hpp"

#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

namespace fleetwright::gui {

FleetPage::FleetPage(QWidget* parent) : ChartPage(tr("Fleet"), parent) {
  auto* tools = new QHBoxLayout;
  tools->setContentsMargins(0, 9, 0, 0);
  destination_ = new QComboBox(this);
  destination_->setAccessibleName(tr("Country of the buyer"));
  // One of each group that the rules know, and one that none touches.
  for (const auto& [code, name] : {std::pair{"CN", tr("China")},
                                   {"RU", tr("Russia")},
                                   {"AE", tr("United Arab Emirates")},
                                   {"SA", tr("Saudi Arabia")},
                                   {"VN", tr("Vietnam")},
                                   {"IN", tr("India")},
                                   {"DE", tr("Germany")}}) {
    destination_->addItem(QString("%1 (%2)").arg(name, code), code);
  }
  auto* label = new QLabel(tr("&Sold to"), this);
  label->setBuddy(destination_);
  search_ = new QPushButton(tr("Search for &plans over the islands"), this);
  search_->setToolTip(tr("The same search as on the page Plans; it may take a minute."));
  tools->addWidget(label);
  tools->addWidget(destination_);
  tools->addWidget(search_);
  tools->addStretch(1);
  always_shown().addLayout(tools);
  put_before_page({destination_, search_});
  connect(destination_, &QComboBox::currentIndexChanged, this, &FleetPage::ask);
  connect(search_, &QPushButton::clicked, this, &FleetPage::search_wanted);
  connect(&calendar_, &ExportCalendar::progressed, this, [this](const QString& what) {
    if (content().empty()) show_empty(what);
  });
  connect(&calendar_, &ExportCalendar::finished, this, [this](const QString& failure) {
    problem_ = failure;
    question_.destination = calendar_.destination();
    question_.days = calendar_.days();
    refresh();
  });
  show_empty(tr("What may be sold where, and from which day on? Open this page to ask."));
}

void FleetPage::show_run(const Run* run) {
  // A copy of its own: a run may be forgotten while a calendar is still on its way.
  run_ = run == nullptr ? nullptr : std::make_shared<const Run>(*run);
  question_.run = run_.get();
  refresh();
}

void FleetPage::show_plans(const Report& plans) {
  question_.plans = plans;
  refresh();
}

void FleetPage::ask() {
  asked_ = true;
  calendar_.ask(destination_->currentData().toString());
}

void FleetPage::showEvent(QShowEvent* event) {
  ChartPage::showEvent(event);
  if (!asked_) ask();
}

void FleetPage::refresh() {
  PageContent content = fleet_content(question_);
  // First what to do: why it is missing may be long.
  QString missing;
  if (!problem_.isEmpty()) {
    missing = tr("The calendar of export rules is missing; choose a country to ask again. %1")
                  .arg(problem_);
  }
  if (!content.empty()) {
    content.answer += missing.toHtmlEscaped();
    show_content(std::move(content));
  } else if (!asking()) {
    show_empty(content.answer.isEmpty() && missing.isEmpty()
                   ? tr("What may be sold where, and from which day on? Choose a country.")
                   : (plain_text(content.answer) + "\n\n" + missing).trimmed());
  }
}

}  // namespace fleetwright::gui
