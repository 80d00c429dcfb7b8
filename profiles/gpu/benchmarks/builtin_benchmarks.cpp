#include <algorithm>
#include <iterator>

#include "profiles/gpu/benchmark.hpp"
#include "profiles/gpu/benchmarks/activation.hpp"
#include "profiles/gpu/benchmarks/adamw.hpp"
#include "profiles/gpu/benchmarks/cross_entropy.hpp"
#include "profiles/gpu/benchmarks/cublaslt.hpp"
#include "profiles/gpu/benchmarks/cudnn.hpp"
#include "profiles/gpu/benchmarks/embedding.hpp"
#include "profiles/gpu/benchmarks/hopper_attention.hpp"
#include "profiles/gpu/benchmarks/hopper_decode.hpp"
#include "profiles/gpu/benchmarks/hopper_fp8.hpp"
#include "profiles/gpu/benchmarks/memcpy.hpp"
#include "profiles/gpu/benchmarks/permute.hpp"
#include "profiles/gpu/benchmarks/quantize.hpp"
#include "profiles/gpu/benchmarks/rmsnorm.hpp"
#include "profiles/gpu/benchmarks/rope.hpp"
#include "profiles/gpu/benchmarks/router.hpp"
#include "profiles/gpu/benchmarks/score_softmax.hpp"
#include "profiles/gpu/benchmarks/storage_formats.hpp"
#include "profiles/gpu/benchmarks/streaming.hpp"

namespace fleetwright::gpu {
namespace {

std::vector<Benchmark> all() {
  std::vector<Benchmark> rows;
  for (const auto family :
       {cublaslt_benchmarks, cudnn_benchmarks, hopper_fp8_benchmarks, hopper_attention_benchmarks,
        hopper_decode_benchmarks, memcpy_benchmarks, streaming_benchmarks, rmsnorm_benchmarks,
        rope_benchmarks, activation_benchmarks, quantize_benchmarks, storage_formats_benchmarks,
        router_benchmarks, permute_benchmarks, embedding_benchmarks, cross_entropy_benchmarks,
        score_softmax_benchmarks, adamw_benchmarks}) {
    std::ranges::move(family(), std::back_inserter(rows));
  }
  return rows;
}

}  // namespace

std::span<const Benchmark> builtin_benchmarks() {
  static const std::vector<Benchmark> rows = all();
  return rows;
}

}  // namespace fleetwright::gpu
