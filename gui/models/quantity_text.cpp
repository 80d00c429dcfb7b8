#include "gui/models/quantity_text.hpp"

#include <QStringList>
#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "gui/models/words.hpp"

namespace fleetwright::gui {
namespace {

QString in_steps(double value, double step, std::initializer_list<const char*> prefixes,
                 const QString& unit) {
  double scaled = value;
  auto prefix = prefixes.begin();
  while (std::abs(scaled) >= step && prefix + 1 != prefixes.end()) {
    scaled /= step;
    ++prefix;
  }
  const QString tail = QString::fromLatin1(*prefix) + unit;
  return tail.isEmpty() ? four_digits(scaled) : four_digits(scaled) + " " + tail.trimmed();
}

constexpr std::array known_labels{
    std::pair{"step.time_s", "Time of a step"},
    std::pair{"step.compute_s", "Computation"},
    std::pair{"step.exposed_communication_s", "Exposed communication"},
    std::pair{"step.bubble_s", "Bubble"},
    std::pair{"step.optimizer_s", "Optimizer"},
    std::pair{"step.parts_s.forward", "Forward passes"},
    std::pair{"step.parts_s.backward", "Backward passes"},
    std::pair{"step.parts_s.weight_gradient", "Weight gradients"},
    std::pair{"step.parts_s.overlapped", "Forward and backward overlapped"},
    std::pair{"step.parts_s.gradient_sync", "Gradient synchronization"},
    std::pair{"step.parts_s.optimizer", "Optimizer, mean of ranks"},
    std::pair{"step.parts_s.bubble", "Bubble, mean of ranks"},
    std::pair{"step.model_tflops_per_gpu", "Model flop per GPU, full attention"},
    std::pair{"step.model_tflops_per_gpu_causal", "Model flop per GPU, causal attention"},
    std::pair{"step.mfu", "MFU, full attention"},
    std::pair{"step.mfu_causal", "MFU, causal attention"},
    std::pair{"step.hardware_tflops_per_gpu", "Hardware flop per GPU"},
    std::pair{"step.tokens_per_second_per_gpu", "Tokens a second and GPU"},
    std::pair{"memory.peak_bytes", "Peak memory"},
    std::pair{"memory.capacity_bytes", "Memory of an accelerator"},
    std::pair{"memory.weights_bytes", "Weights"},
    std::pair{"memory.gradients_bytes", "Gradients"},
    std::pair{"memory.optimizer_bytes", "Optimizer states"},
    std::pair{"memory.activations_bytes", "Activations"},
    std::pair{"memory.buffers_bytes", "Buffers"},
    std::pair{"run.days", "Duration"},
    std::pair{"run.steps", "Steps"},
    std::pair{"run.tokens", "Tokens"},
    std::pair{"run.tokens_per_day", "Tokens a day"},
    std::pair{"run.goodput", "Goodput"},
    std::pair{"run.failures_expected", "Failures expected"},
    std::pair{"run.gpu_hours", "GPU-hours, pre-training"},
    std::pair{"run.total_gpu_hours", "GPU-hours in all"},
    std::pair{"run.gpu_hours_per_trillion_tokens", "GPU-hours per trillion tokens"},
    std::pair{"run.phases.pre-training.gpu_hours", "GPU-hours, pre-training phase"},
    std::pair{"cost.rental_usd.p50", "Rental of the GPU-hours"},
    std::pair{"energy.facility_mwh", "Energy of the facility"},
    std::pair{"energy.servers_mwh", "Energy of the servers"},
    std::pair{"energy.co2_t", "Carbon dioxide"},
    std::pair{"energy.accelerator_power_w", "Power of a GPU"},
    std::pair{"energy.node_power_w", "Power of a node"},
    std::pair{"model.parameters_total", "Parameters"},
    std::pair{"model.parameters_active", "Parameters active"},
    std::pair{"model.training_flop_per_token", "Training flop a token"},
    std::pair{"model.training_flop_per_token_causal", "Training flop a token, causal"},
    std::pair{"model.kv_cache_bytes_per_token", "KV cache a token"},
    std::pair{"cluster.accelerators", "Accelerators"}};

bool is_share(const QString& name) {
  return name.startsWith("mfu") || name == "goodput" || name == "ettr" || name == "share" ||
         name.endsWith("_load") || name == "difference";
}

}  // namespace

QString four_digits(double value) {
  if (!std::isfinite(value)) return QStringLiteral("-");
  const double size = std::abs(value);
  if (value == std::floor(value) && size < 1e5) return QString::number(value, 'f', 0);
  if (size < 1e-4) return QString::number(value, 'g', 4);
  const int whole = static_cast<int>(std::floor(std::log10(size)));
  return QString::number(value, 'f', std::clamp(3 - whole, 0, 7));
}

QString prefixed(double value, const QString& unit) {
  if (std::abs(value) < 1e4)
    return unit.isEmpty() ? four_digits(value) : four_digits(value) + " " + unit;
  return in_steps(value, 1000, {"", "K ", "M ", "B ", "T ", "P "}, unit);
}

QString percent(double share, bool sign) {
  if (sign) {
    return (share >= 0 ? QStringLiteral("+") : QString()) + QString::number(100 * share, 'f', 1) +
           " %";
  }
  return QString::number(100 * share, 'f', 2) + " %";
}

QString seconds_text(double seconds) {
  const double size = std::abs(seconds);
  if (size == 0 || size >= 1) return four_digits(seconds) + " s";
  if (size >= 1e-3) return four_digits(seconds * 1e3) + " ms";
  return four_digits(seconds * 1e6) + " us";
}

QString bytes_text(double bytes) {
  return in_steps(bytes, 1024, {"B", "KiB", "MiB", "GiB", "TiB", "PiB"}, {});
}

QString dollars_text(double dollars) {
  return (dollars < 0 ? QStringLiteral("-$") : QStringLiteral("$")) + prefixed(std::abs(dollars));
}

QString value_text(const QString& path, double value) {
  const QString name = path.section(' ', -1).section('.', -1);
  if (path.contains("usd")) return dollars_text(value);
  if (path.contains("gpu_hours")) return prefixed(value, "h");
  if (path.contains("parts_s") || name.endsWith("_s")) {
    if (path.contains("bytes_per_s"))
      return in_steps(value, 1000, {"B/s", "kB/s", "MB/s", "GB/s"}, {});
    return seconds_text(value);
  }
  if (name.contains("bytes")) return bytes_text(value);
  if (name.contains("tflops")) return four_digits(value) + " TFLOP/s";
  if (is_share(name)) return percent(value);
  if (name == "days") return four_digits(value) + " days";
  if (name.endsWith("_mwh")) {
    return value >= 1000 ? four_digits(value / 1000) + " GWh" : four_digits(value) + " MWh";
  }
  if (name.endsWith("_w")) return four_digits(value) + " W";
  if (name.endsWith("_t")) return four_digits(value) + " t";
  if (name.endsWith("_j")) return four_digits(value / 3.6e6) + " kWh";
  return prefixed(value);
}

QString label_of(const QString& path) {
  for (const auto& [known, label] : known_labels) {
    if (path == QLatin1String(known)) return words(label);
  }
  QStringList parts;
  for (const QString& part : path.split(" + ")) {
    parts << part.section('.', part.startsWith("run.phases.") ? -2 : -1);
  }
  QString label = parts.join(" + ");
  label.replace('_', ' ').replace(".gpu hours", ", GPU-hours");
  if (!label.isEmpty()) label[0] = label[0].toUpper();
  return label;
}

}  // namespace fleetwright::gui
