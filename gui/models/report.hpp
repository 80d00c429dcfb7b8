#pragma once

#include <QJsonArray>
#include <QJsonObject>
#include <QString>
#include <optional>

namespace fleetwright::gui {

/// A document of the program (`fleetwright ... --format json`), read by paths such as
/// "step.parts_s.forward". What the document lacks, or has as null, is an empty value.
class Report {
 public:
  Report() = default;
  explicit Report(QJsonObject document) : document_(std::move(document)) {}

  /// Reads a document or, as of several scenarios, the first of an array. An empty report and a
  /// message in `error` where the bytes are neither.
  [[nodiscard]] static Report parse(const QByteArray& bytes, QString& error);

  [[nodiscard]] bool empty() const { return document_.isEmpty(); }
  [[nodiscard]] QJsonValue at(const QString& path) const;
  [[nodiscard]] std::optional<double> number(const QString& path) const;
  [[nodiscard]] QString text(const QString& path) const;
  [[nodiscard]] QJsonArray array(const QString& path) const { return at(path).toArray(); }
  [[nodiscard]] const QJsonObject& document() const { return document_; }

 private:
  QJsonObject document_;
};

}  // namespace fleetwright::gui
