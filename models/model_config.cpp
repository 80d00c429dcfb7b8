#include "models/model_config.hpp"

#include <fmt/core.h>

#include <algorithm>

#include "models/config_families.hpp"
#include "models/config_reader.hpp"
#include "models/core/data_files.hpp"
#include "models/core/suggest.hpp"
#include "models/core/text_file.hpp"

namespace fleetwright {

bool ModelConfig::is_moe_layer(int layer) const {
  if (!moe || layer < moe->first_dense_layers) return false;
  // Qwen counts from 1: with a period of 2 the second, fourth ... layer is sparse.
  return (layer + 1) % moe->layer_period == 0 || layer >= layers;
}

int ModelConfig::moe_layers() const {
  int count = 0;
  for (int layer = 0; layer < layers; ++layer) count += is_moe_layer(layer) ? 1 : 0;
  return count;
}

ModelConfig parse_model_config(std::string_view text, const std::string& file,
                               const std::string& name) {
  ConfigReader json(text, file);
  // GPT-2's names say what it is.
  const std::string type = json.text_or("model_type", json.has("n_embd") ? "gpt2" : "");
  json.throw_if_any();
  const auto family = std::ranges::find(config_families(), type, &ConfigFamily::model_type);
  if (family == config_families().end()) {
    std::vector<std::string> known;
    for (const ConfigFamily& f : config_families()) known.emplace_back(f.model_type);
    json.error(
        "model_type",
        type.empty() ? "missing key 'model_type'" : fmt::format("unknown model_type '{}'", type),
        did_you_mean(type, known));
    json.throw_if_any();
  }
  ModelConfig m;
  m.name = name;
  read_common_sizes(json, m);
  family->read(json, m);
  json.throw_if_any();
  return m;
}

ModelConfig read_model_config(const std::filesystem::path& file) {
  const auto absolute = std::filesystem::absolute(file);
  const bool is_plain = absolute.stem() == "config";
  return parse_model_config(
      read_text_file(file), file.string(),
      (is_plain ? absolute.parent_path().filename() : absolute.stem()).string());
}

std::vector<std::string> zoo_models() {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(data_file("models/zoo"))) {
    if (entry.path().extension() == ".json") names.push_back(entry.path().stem().string());
  }
  std::ranges::sort(names);
  return names;
}

}  // namespace fleetwright
