#include "models/stage_operators.hpp"

#include <ranges>

#include "models/core/error.hpp"
#include "models/layer_operators.hpp"

namespace fleetwright {
namespace {

bool is_prediction_layer(const ModelConfig& model, int layer) { return layer >= model.layers; }

void forward(LayerWriter& writer, const ModelConfig& model, const StageContent& stage) {
  if (stage.embedding) writer.embedding_forward();
  bool main_head_written = !stage.head;
  for (const int layer : stage.layers) {
    const bool predicts = is_prediction_layer(model, layer);
    if (predicts && !main_head_written) {
      writer.head_forward(model.layers - 1);
      main_head_written = true;
    }
    if (predicts) writer.prediction_input_forward(layer);
    writer.attention_forward(layer);
    writer.mlp_forward(layer);
    if (predicts) writer.head_forward(layer);
  }
  if (!main_head_written) writer.head_forward(model.layers - 1);
}

/// Which of the two gradients a backward pass computes.
struct Gradients {
  bool input = true;
  bool weight = true;
};

void backward_head(LayerWriter& writer, int layer, Gradients gradients) {
  if (gradients.input) writer.head_input_gradient(layer);
  if (gradients.weight) writer.head_weight_gradient(layer);
}

void backward_layer(LayerWriter& writer, const TrainingJob& job, int layer, Gradients gradients) {
  const bool predicts = is_prediction_layer(job.model, layer);
  if (predicts) backward_head(writer, layer, gradients);
  if (gradients.input && job.strategy.recompute == Recompute::full) {
    writer.attention_forward(layer);
    writer.mlp_recompute(layer);
  }
  if (gradients.input) writer.mlp_input_gradient(layer);
  if (gradients.weight) writer.mlp_weight_gradient(layer);
  if (gradients.input) writer.attention_input_gradient(layer);
  if (gradients.weight) writer.attention_weight_gradient(layer);
  if (predicts && gradients.input) writer.prediction_input_gradient(layer);
  if (predicts && gradients.weight) writer.prediction_input_weight_gradient(layer);
}

void backward(LayerWriter& writer, const TrainingJob& job, const StageContent& stage,
              Gradients gradients) {
  bool main_head_written = !stage.head;
  for (const int layer : std::views::reverse(stage.layers)) {
    if (!main_head_written && !is_prediction_layer(job.model, layer)) {
      backward_head(writer, job.model.layers - 1, gradients);
      main_head_written = true;
    }
    backward_layer(writer, job, layer, gradients);
  }
  if (!main_head_written) backward_head(writer, job.model.layers - 1, gradients);
  if (stage.embedding && gradients.weight) writer.embedding_backward();
}

}  // namespace

std::vector<StageContent> stage_contents(const TrainingJob& job, int stages) {
  std::vector<StageContent> contents(static_cast<std::size_t>(stages));
  const std::vector<int>& given = job.strategy.stage_layers;
  ensure(given.empty() || given.size() == contents.size(), "stage_layers must name every stage");
  int next = 0;
  for (int s = 0; s < stages; ++s) {
    const auto at = static_cast<std::size_t>(s);
    const int count = given.empty()
                          ? job.model.layers / stages + (s < job.model.layers % stages ? 1 : 0)
                          : given[at];
    for (int i = 0; i < count; ++i) contents[at].layers.push_back(next++);
  }
  ensure(next == job.model.layers, "the stages must hold all layers");
  for (int i = 0; i < job.model.mtp_layers; ++i) contents.back().layers.push_back(next++);
  contents.front().embedding = true;
  contents.back().head = true;
  return contents;
}

OpGraph stage_operators(const TrainingJob& job, const StageContent& stage, Pass pass) {
  OpGraph graph;
  LayerWriter writer(job, graph);
  switch (pass) {
    case Pass::forward:
      forward(writer, job.model, stage);
      break;
    case Pass::backward:
      backward(writer, job, stage, {true, true});
      break;
    case Pass::input_gradient:
      backward(writer, job, stage, {true, false});
      break;
    case Pass::weight_gradient:
      backward(writer, job, stage, {false, true});
      break;
  }
  return graph;
}

}  // namespace fleetwright
