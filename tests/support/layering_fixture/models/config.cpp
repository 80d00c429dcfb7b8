#include <nlohmann/json.hpp>
#include <boost/graph/adjacency_list.hpp>
#include <cuda_runtime.h>  // refused: CUDA belongs to profiles/gpu
