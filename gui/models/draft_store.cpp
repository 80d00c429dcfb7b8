#include "gui/models/draft_store.hpp"

#include <QCryptographicHash>
#include <QDir>
#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QSaveFile>

namespace fleetwright::gui {
namespace {

std::optional<Draft> read_draft(const QString& name) {
  QFile file(name);
  if (!file.open(QIODevice::ReadOnly)) return std::nullopt;
  const QJsonObject json = QJsonDocument::fromJson(file.readAll()).object();
  if (!json.contains("text")) return std::nullopt;
  return Draft{json["origin"].toString(), json["text"].toString()};
}

}  // namespace

QString DraftStore::file_for(const QString& origin) const {
  const QByteArray hash = QCryptographicHash::hash(origin.toUtf8(), QCryptographicHash::Sha256);
  return QDir(folder_).filePath(QString::fromLatin1(hash.toHex().left(24)) + ".json");
}

bool DraftStore::keep(const Draft& draft) const {
  if (!QDir().mkpath(folder_)) return false;
  QSaveFile file(file_for(draft.origin));
  if (!file.open(QIODevice::WriteOnly)) return false;
  file.write(QJsonDocument(QJsonObject{{"origin", draft.origin}, {"text", draft.text}}).toJson());
  return file.commit();
}

std::optional<Draft> DraftStore::find(const QString& origin) const {
  return read_draft(file_for(origin));
}

void DraftStore::forget(const QString& origin) const { QFile::remove(file_for(origin)); }

std::vector<Draft> DraftStore::all() const {
  std::vector<Draft> drafts;
  const QDir folder(folder_);
  for (const QString& name : folder.entryList({"*.json"}, QDir::Files, QDir::Name)) {
    if (auto draft = read_draft(folder.filePath(name))) drafts.push_back(std::move(*draft));
  }
  return drafts;
}

}  // namespace fleetwright::gui
