#include "gui/models/run_queue.hpp"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QThreadPool>
#include <algorithm>
#include <utility>

#include "gui/models/snapshot.hpp"
#include "gui/models/trace_reader.hpp"
#include "gui/models/words.hpp"

namespace fleetwright::gui {

RunQueue::RunQueue(QObject* parent) : QObject(parent) {
  connect(&child_, &ChildProcess::finished, this, &RunQueue::take);
  connect(&child_, &ChildProcess::progressed, this, [this](const Progress& progress) {
    if (current_ != nullptr) emit progressed(current_->id, progress);
  });
}

RunQueue::~RunQueue() {
  child_.disconnect(this);
  QThreadPool::globalInstance()->waitForDone();
}

const Run* RunQueue::find(int id) const {
  const auto found = std::ranges::find(runs_, id, [](const auto& run) { return run->id; });
  return found == runs_.end() ? nullptr : found->get();
}

Run* RunQueue::find(int id) { return const_cast<Run*>(std::as_const(*this).find(id)); }

void RunQueue::adopt(std::vector<std::unique_ptr<Run>> runs) {
  for (auto& run : runs) {
    run->id = ++last_id_;
    const int id = run->id;
    runs_.push_back(std::move(run));
    emit added(id);
  }
}

int RunQueue::add(const QString& name, const QString& origin, const QString& text, RunMode mode) {
  auto run = std::make_unique<Run>();
  run->id = ++last_id_;
  run->name = name;
  run->origin = origin;
  run->text = text;
  run->mode = mode;
  const int id = run->id;
  runs_.push_back(std::move(run));
  emit added(id);
  if (idle()) start_next();
  return id;
}

void RunQueue::cancel(int id) {
  if (current_ != nullptr && current_->id == id) {
    cancelled_ = true;
    child_.cancel();
    return;
  }
  for (const auto& run : runs_) {
    if (run->id != id || run->state != RunState::queued) continue;
    run->state = RunState::cancelled;
    run->failure = words("Taken out of the queue.");
    emit changed(id);
    emit finished(id);
  }
}

void RunQueue::remove(int id) {
  if ((current_ != nullptr && current_->id == id) || find(id) == nullptr) return;
  emit removing(id);
  if (std::erase_if(runs_, [id](const auto& run) { return run->id == id; }) > 0) emit removed(id);
}

void RunQueue::start_next() {
  const auto next =
      std::ranges::find_if(runs_, [](const auto& run) { return run->state == RunState::queued; });
  if (next == runs_.end()) return;
  current_ = next->get();
  current_->state = RunState::running;
  cancelled_ = false;
  stage_ = Stage::show;
  QString error;
  const QString folder = QDir(folder_.path()).filePath(QString::number(current_->id));
  current_->snapshot = write_snapshot(folder, current_->origin, current_->text, error);
  const int id = current_->id;
  emit changed(id);
  if (current_->snapshot.isEmpty()) {
    end_current(RunState::failed, error);
    return;
  }
  emit progressed(id, {words("reading the scenario"), 0, {}});
  child_.start(fleetwright_program(), {"show", current_->snapshot, "--format", "json"});
}

void RunQueue::take(const ChildOutcome& outcome) {
  current_->seconds += outcome.seconds;
  if (!outcome.messages.isEmpty() && stage_ != Stage::cost) {
    current_->messages = read_messages(outcome.messages);
  }
  if (outcome.cancelled || cancelled_) {
    end_current(RunState::cancelled, words("Cancelled."));
  } else if (stage_ == Stage::cost) {
    take_cost(outcome);
  } else if (!outcome.failure.isEmpty()) {
    QString failure = outcome.failure;
    if (!current_->messages.empty()) failure += " " + current_->messages.front().text;
    end_current(RunState::failed, failure);
  } else if (stage_ == Stage::show) {
    current_->settings = read_settings(outcome.output);
    stage_ = Stage::predict;
    emit progressed(current_->id, {words("predicting"), 0, {}});
    QStringList arguments{current_->mode == RunMode::simulate ? "simulate" : "estimate",
                          current_->snapshot,
                          "--format",
                          "json",
                          "--trace",
                          current_->snapshot + ".trace.json"};
    if (current_->mode == RunMode::estimate)
      arguments << "--engine"
                << "analytic";
    child_.start(fleetwright_program(), arguments);
  } else {
    take_prediction(outcome);
  }
}

void RunQueue::take_prediction(const ChildOutcome& outcome) {
  QString error;
  current_->report = Report::parse(outcome.output, error);
  if (!error.isEmpty()) {
    end_current(RunState::failed, error);
    return;
  }
  stage_ = Stage::cost;
  emit progressed(current_->id, {words("what it costs"), 1, {}});
  QStringList arguments{"cost", current_->snapshot, "--format", "json"};
  if (current_->mode == RunMode::estimate)
    arguments << "--engine"
              << "analytic";
  child_.start(fleetwright_program(), arguments);
}

// A prediction without its cost is still a prediction.
void RunQueue::take_cost(const ChildOutcome& outcome) {
  if (outcome.failure.isEmpty()) {
    current_->cost = Report::parse(outcome.output, current_->cost_problem);
  } else {
    current_->cost_problem = outcome.failure + " " + outcome.messages.trimmed();
  }
  stage_ = Stage::trace;
  emit progressed(current_->id, {words("reading the timeline"), 1, {}});
  read_trace_of_current();
}

void RunQueue::read_trace_of_current() {
  // The queue outlives the work: its destructor waits for the pool.
  QThreadPool::globalInstance()->start([this, file = current_->snapshot + ".trace.json"] {
    auto result = std::make_shared<TraceResult>(read_trace_file(file));
    QMetaObject::invokeMethod(
        this,
        [this, result] {
          if (cancelled_) {
            end_current(RunState::cancelled, words("Cancelled."));
            return;
          }
          if (result->trace) current_->trace = result->trace;
          if (!result->error.isEmpty()) current_->messages.push_back({0, 0, result->error, {}});
          end_current(RunState::done);
        },
        Qt::QueuedConnection);
  });
}

void RunQueue::end_current(RunState state, const QString& failure) {
  const int id = current_->id;
  current_->state = state;
  current_->failure = failure;
  QFile::remove(current_->snapshot + ".trace.json");
  current_ = nullptr;
  stage_ = Stage::none;
  emit changed(id);
  emit finished(id);
  if (idle()) start_next();
}

}  // namespace fleetwright::gui
