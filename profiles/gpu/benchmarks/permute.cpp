#include "profiles/gpu/benchmarks/permute.hpp"

#include <algorithm>
#include <random>

#include "profiles/gpu/benchmarks/whole_numbers.hpp"
#include "profiles/gpu/checks/expert_mapping_check.hpp"
#include "profiles/gpu/checks/permute_check.hpp"
#include "profiles/gpu/kernels/expert_mapping.hpp"
#include "profiles/gpu/kernels/fill.hpp"
#include "profiles/gpu/kernels/permute.hpp"

namespace fleetwright::gpu {
namespace {

// Of one of 64 GPUs that share the 256 experts of DeepSeek-V3. Operators do not say.
constexpr int experts_here = 4;
constexpr int most_slots = 32;
// What an element of FP8 takes with its share of an FP32 scale for 128, as in models/operators.cpp.
constexpr double scaled_fp8 = 1.0 + 4.0 / 128.0;

/// Choices on the GPU, mapped to rows.
class Mapping {
 public:
  Mapping(const ExpertChoices& shape, const std::vector<std::int32_t>& ids)
      : shape_(shape), ids_(ids), rows_of_(ids.size()), scratch_(expert_mapping_scratch(shape)) {
    std::vector<std::int32_t> counts(static_cast<std::size_t>(shape.experts));
    for (const std::int32_t id : ids) {
      if (id >= 0) ++counts[static_cast<std::size_t>(id)];
    }
    for (const std::int32_t count : counts) rows_ += static_cast<std::size_t>(count);
    counts_ = DeviceArray<std::int32_t>(counts);
    sources_ = DeviceArray<std::int32_t>(rows_);
  }

  void launch(Stream stream) {
    expert_mapping(ids_.data(), counts_.data(), shape_, sources_.data(), rows_of_.data(),
                   scratch_.data(), stream);
  }
  [[nodiscard]] const std::int32_t* rows_of() const { return rows_of_.data(); }
  DeviceArray<std::int32_t>& sources() { return sources_; }

 private:
  ExpertChoices shape_;
  std::size_t rows_ = 0;
  DeviceArray<std::int32_t> ids_, counts_, sources_, rows_of_, scratch_;
};

/// As many tokens as rows, each with one choice that is served here: what the model's bytes count.
class MappingWorkload : public Workload {
 public:
  MappingWorkload(const ExpertMapping& op, std::uint64_t seed)
      : mapping_({static_cast<int>(whole(op.rows)), op.active, experts_here},
                 one_served(whole(op.rows), static_cast<std::size_t>(op.active), seed)) {}

  void launch(Stream stream) override { mapping_.launch(stream); }
  /// Beside these it writes the row of each choice, most of which are -1.
  std::vector<Output> outputs() override {
    return {{mapping_.sources().data(), mapping_.sources().size(), ElementType::int32}};
  }

 private:
  static std::vector<std::int32_t> one_served(std::size_t tokens, std::size_t slots,
                                              std::uint64_t seed) {
    std::mt19937_64 engine(seed);
    std::vector<std::int32_t> ids(tokens * slots, -1);
    for (std::size_t t = 0; t < tokens; ++t) {
      ids[t * slots + engine() % slots] = static_cast<std::int32_t>(engine() % experts_here);
    }
    return ids;
  }

  Mapping mapping_;
};

int slots_of(const Permute& op) {
  return std::max(8, static_cast<int>((whole(op.rows) + whole(op.tokens) - 1) / whole(op.tokens)));
}

// Every token has a row, the rest of the rows go to random tokens that have a slot left.
std::vector<std::int32_t> served_choices(const Permute& op, std::uint64_t seed) {
  const std::size_t tokens = whole(op.tokens);
  const auto slots = static_cast<std::size_t>(slots_of(op));
  std::mt19937_64 engine(seed);
  std::vector<std::size_t> used(tokens);
  std::vector<std::int32_t> ids(tokens * slots, -1);
  for (std::size_t row = 0; row < whole(op.rows); ++row) {
    std::size_t token = row;
    while (token >= tokens || used[token] == slots) token = engine() % tokens;
    ids[token * slots + used[token]++] = static_cast<std::int32_t>(engine() % experts_here);
  }
  return ids;
}

/// Also reads the row of each choice, and when it reduces its weight.
class PermuteWorkload : public Workload {
 public:
  PermuteWorkload(const Permute& op, std::uint64_t seed)
      : op_(op),
        shape_{static_cast<int>(whole(op.tokens)), slots_of(op), static_cast<int>(op.columns),
               static_cast<int>(whole(op.rows))},
        mapping_({shape_.tokens, shape_.slots, experts_here}, served_choices(op, seed)) {
    mapping_.launch(nullptr);
    const std::size_t tokens = whole(op.tokens) * whole(op.columns);
    const std::size_t rows = whole(op.rows) * whole(op.columns);
    if (op.bytes_per_element == 2) {
      from_ = DeviceArray<__nv_bfloat16>(op.reduce ? rows : tokens);
      to_ = DeviceArray<__nv_bfloat16>(op.reduce ? tokens : rows);
      weights_ = DeviceArray<float>(static_cast<std::size_t>(shape_.tokens * shape_.slots));
      fill_random(from_.data(), from_.size(), seed + 1, 1.0F, nullptr);
      fill_random(weights_.data(), weights_.size(), seed + 2, 1.0F, nullptr);
    } else {
      codes_ = DeviceArray<__nv_fp8_storage_t>(tokens);
      to_codes_ = DeviceArray<__nv_fp8_storage_t>(rows);
      fill_random(codes_.data(), codes_.size(), seed + 1, 1.0F, nullptr);
    }
    if (op.bytes_per_element == scaled_fp8) {
      const auto scales = [&](int r) { return scales_1x128(r, shape_.columns); };
      scales_ = DeviceArray<float>(static_cast<std::size_t>(scales(shape_.tokens)));
      to_scales_ = DeviceArray<float>(static_cast<std::size_t>(scales(shape_.rows)));
      fill_random(scales_.data(), scales_.size(), seed + 2, 1.0F, nullptr);
    }
    device_synchronize();
  }

  void launch(Stream stream) override {
    const std::int32_t* rows_of = mapping_.rows_of();
    if (op_.reduce) {
      unpermute_reduce(from_.data(), rows_of, weights_.data(), shape_, to_.data(), stream);
    } else if (from_.size() > 0) {
      permute(from_.data(), rows_of, shape_, to_.data(), stream);
    } else {
      permute(codes_.data(), scales_.data(), rows_of, shape_, to_codes_.data(), to_scales_.data(),
              stream);
    }
  }
  std::vector<Output> outputs() override {
    if (to_.size() > 0) return {{to_.data(), to_.size(), ElementType::bfloat16}};
    std::vector<Output> outputs{{to_codes_.data(), to_codes_.size(), ElementType::e4m3}};
    if (to_scales_.size() > 0) {
      outputs.push_back({to_scales_.data(), to_scales_.size(), ElementType::float32});
    }
    return outputs;
  }

 private:
  Permute op_;
  TokenRows shape_;
  Mapping mapping_;
  DeviceArray<__nv_bfloat16> from_, to_;
  DeviceArray<__nv_fp8_storage_t> codes_, to_codes_;
  DeviceArray<float> weights_, scales_, to_scales_;
};

bool accepts_mapping(const Operator& op) {
  const ExpertMapping* m = std::get_if<ExpertMapping>(&op);
  return m != nullptr && m->rows >= 1 && m->active >= 1 && m->rows * m->active <= 1 << 30;
}

// FP8 of one byte has one scale a tensor.
bool is_ours(const Permute& p) {
  const double width = p.bytes_per_element;
  const bool known = width == 2 || (!p.reduce && (width == 1 || width == scaled_fp8));
  return known && is_multiple(p.columns, 16) && p.tokens >= 1 && whole(p.rows) >= whole(p.tokens) &&
         whole(p.rows) <= whole(p.tokens) * most_slots;
}

template <bool Reduce>
bool accepts(const Operator& op) {
  const Permute* p = std::get_if<Permute>(&op);
  return p != nullptr && p->reduce == Reduce && is_ours(*p);
}

template <typename W, typename Op>
std::unique_ptr<Workload> prepare(const Operator& op, int, std::uint64_t seed) {
  return std::make_unique<W>(std::get<Op>(op), seed);
}

}  // namespace

std::vector<Benchmark> permute_benchmarks() {
  return {{"fleetwright.moe_mapping", "fleetwright",
           "expert ids to rows by expert and token, in three kernels", accepts_mapping,
           prepare<MappingWorkload, ExpertMapping>, false, check_expert_mapping},
          {"fleetwright.permute", "fleetwright",
           "copies tokens to their rows in expert order, BF16 or FP8 with or without scales",
           accepts<false>, prepare<PermuteWorkload, Permute>, false, check_permute},
          {"fleetwright.unpermute_reduce", "fleetwright",
           "weighted sums of each token's rows, BF16 added in FP32", accepts<true>,
           prepare<PermuteWorkload, Permute>}};
}

}  // namespace fleetwright::gpu
