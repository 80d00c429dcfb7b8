#pragma once

#include <QPointF>
#include <QString>
#include <QStringList>
#include <vector>

namespace fleetwright::gui {

/// Something that a rank does from `start` to `end`, in seconds. -1 is "not of any".
struct Span {
  double start = 0;
  double end = 0;
  int name = 0;      // in Trace::names
  int activity = 0;  // in Trace::activities
  int stage = -1;
  int micro_batch = -1;
  int layer = -1;

  [[nodiscard]] double duration() const { return end - start; }
};

/// One row of the timeline: what a rank does in one respect, in order of time.
struct Lane {
  int rank = 0;
  int thread = 0;
  QString title;  // "compute"
  std::vector<Span> spans;
};

/// A quantity of a rank over time.
struct Counter {
  int rank = 0;
  QString name;
  std::vector<QPointF> samples;  // seconds, value
};

/// The timeline of a step, as the program wrote it in the Trace Event Format.
struct Trace {
  std::vector<Lane> lanes;      // by rank, then thread; none is empty
  std::vector<Counter> memory;  // bytes of activations of each rank
  QStringList names;
  QStringList activities;
  double end = 0;

  [[nodiscard]] std::size_t span_count() const;
  [[nodiscard]] int ranks() const;
};

/// Time spent in spans of one name, within a stretch of time.
struct NameShare {
  int name = 0;
  int count = 0;
  double seconds = 0;
};

/// Sums over all lanes from `begin` to `end`, the most time first.
[[nodiscard]] std::vector<NameShare> time_by_name(const Trace& trace, double begin, double end);

}  // namespace fleetwright::gui
