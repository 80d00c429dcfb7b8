#include "gui/models/registry_lists.hpp"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <array>

namespace fleetwright::gui {
namespace {

/// A setting whose values are the names of a list, and in which column of the list they stand.
struct ListedSetting {
  const char* path;
  const char* list;
};

constexpr std::array listed_settings{ListedSetting{"model.config", "models"},
                                     ListedSetting{"cluster.accelerator", "accelerators"},
                                     ListedSetting{"cluster.nic", "links"},
                                     ListedSetting{"cluster.topology", "topologies"},
                                     ListedSetting{"cluster.collective", "collectives"},
                                     ListedSetting{"training.precision", "precisions"},
                                     ListedSetting{"training.software", "software"},
                                     ListedSetting{"strategy.schedule", "schedules"}};

// Closed sets that no list prints.
const QMap<QString, QStringList>& closed_settings() {
  static const QMap<QString, QStringList> closed{
      {"engine", {"analytic", "simgrid"}},
      {"strategy.recompute", {"none", "selective", "full"}},
      {"strategy.zero_stage", {"0", "1", "2", "3"}},
      {"cluster.routing", {"adaptive", "ecmp", "fixed"}}};
  return closed;
}

}  // namespace

RegistryLists::RegistryLists(QObject* parent) : QObject(parent) {
  connect(&child_, &ChildProcess::finished, this, [this](const ChildOutcome& outcome) {
    QStringList names;
    for (const QJsonValue row : QJsonDocument::fromJson(outcome.output).array()) {
      const QString name = row["id"].toString(row["name"].toString());
      if (!name.isEmpty()) names << name;
    }
    names_[open_.takeFirst()] = names;
    ask_next();
  });
}

void RegistryLists::load() {
  if (child_.running()) return;
  open_.clear();
  for (const ListedSetting& s : listed_settings) open_ << s.list;
  ask_next();
}

void RegistryLists::ask_next() {
  if (open_.isEmpty()) {
    emit loaded();
    return;
  }
  child_.start(fleetwright_program(), {"list", open_.first(), "--format", "json"});
}

QStringList RegistryLists::choices(const QString& path) const {
  if (const auto closed = closed_settings().constFind(path);
      closed != closed_settings().constEnd()) {
    return *closed;
  }
  for (const ListedSetting& s : listed_settings) {
    if (path == s.path) {
      QStringList names = names_.value(s.list);
      if (path == "cluster.collective" && !names.isEmpty()) names.prepend("auto");
      return names;
    }
  }
  return {};
}

}  // namespace fleetwright::gui
