#include "profiles/collective_protocol.hpp"

#include <cmath>

#include "models/core/parse_units.hpp"
#include "profiles/sourced_toml.hpp"

namespace fleetwright {
namespace {

std::optional<std::array<BytesPerSecond, 3>> read_most(TomlTable& table) {
  constexpr std::string_view key = "most_bus_bandwidth";
  const auto texts = table.texts(key);
  if (!texts) return std::nullopt;
  std::array<BytesPerSecond, 3> most{};
  if (texts->size() != most.size()) {
    table.error(key, "most_bus_bandwidth is for one node, two and more: three values");
    return std::nullopt;
  }
  for (std::size_t i = 0; i < most.size(); ++i) {
    auto parsed = parse_quantity<BytesPerSecond>((*texts)[i]);
    if (const auto* error = std::get_if<UnitError>(&parsed)) {
      table.error(key, error->message, error->suggestion);
    } else {
      most[i] = std::get<BytesPerSecond>(parsed);
    }
  }
  return most;
}

CollectiveProtocol read_one(const std::string& name, TomlTable table) {
  SourcedReader sourced(table);
  const std::string_view form = "{ value = ..., kind = ..., source = ... }";
  const auto seconds = [&](std::string_view key) {
    return required(table, key, sourced.quantity<Seconds>(key), form);
  };
  CollectiveProtocol protocol;
  protocol.name = name;
  protocol.launch = seconds("launch");
  protocol.scale_up_step = seconds("scale_up_step");
  protocol.scale_out_step = seconds("scale_out_step");
  protocol.bandwidth = required(table, "bandwidth", sourced.number("bandwidth"), form);
  protocol.most_bus_bandwidth = read_most(table);
  protocol.by_size = table.numbers("by_size", {0.01, 1.0}).value_or(std::vector<double>{});
  table.refuse_unknown_keys();
  return protocol;
}

}  // namespace

double CollectiveProtocol::correction(Bytes message) const {
  constexpr double first = 64;
  if (by_size.empty() || message.si() < first) return by_size.empty() ? 1.0 : by_size.front();
  const auto power = static_cast<std::size_t>(std::log2(message.si() / first));
  return power < by_size.size() ? by_size[power] : 1.0;
}

std::map<std::string, std::vector<CollectiveProtocol>> read_collective_protocols(
    const std::filesystem::path& file) {
  return read_named_tables<std::vector<CollectiveProtocol>>(
      file, [](const std::string& /*algorithm*/, TomlTable table) {
        std::vector<CollectiveProtocol> protocols;
        for (const std::string& name : table.keys()) {
          if (auto one = table.table(name)) protocols.push_back(read_one(name, std::move(*one)));
        }
        table.refuse_unknown_keys();
        return protocols;
      });
}

}  // namespace fleetwright
