#pragma once

namespace fleetwright::gpu {

/// AdamW, decoupled weight decay (Loshchilov and Hutter, arXiv 1711.05101, algorithm 2):
///   g = gradient_scale gradient, m = beta1 m + (1 - beta1) g, v = beta2 v + (1 - beta2) g^2,
///   w -= rate (m / (1 - beta1^step) / (sqrt(v / (1 - beta2^step)) + epsilon) + decay w).
/// beta1, beta2 and decay as DeepSeek-V3 trains (arXiv 2412.19437, section 4.2).
struct AdamW {
  double rate = 1e-4;
  double beta1 = 0.9;
  double beta2 = 0.95;
  double epsilon = 1e-8;
  double decay = 0.1;
  double gradient_scale = 1;  // from clipping by the global norm
  int step = 1;               // counts from 1
};

}  // namespace fleetwright::gpu
