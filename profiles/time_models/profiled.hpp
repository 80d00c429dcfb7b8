#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "profiles/accelerator.hpp"
#include "profiles/operator_time.hpp"
#include "profiles/profile_store.hpp"
#include "profiles/software_stack.hpp"
#include "profiles/time_models/roofline.hpp"

namespace fleetwright {

/// Roofline times corrected by measured kernels of the same kind and format: the correction is the
/// measured time over the roofline time, averaged over the nearest shapes (inverse square of the
/// distance in logarithms), so that a shape that was measured is given its measurement.
///
/// Samples come from the accelerator itself and parts of the same chip, by the stack's libraries in
/// their order and of one library the measured before the published; of attention, also shapes that
/// only others of its architecture have; where there are none of a kind, from a relative (the same
/// architecture first) whose ceilings scale; where nobody measured, the ceilings alone. The
/// provenance says which, and when a shape lies outside those measured.
class ProfiledTimeModel : public OperatorTimeModel {
 public:
  /// `accelerators` are all that are known; the store may hold profiles of some of them.
  ProfiledTimeModel(Accelerator accelerator, SoftwareStack stack,
                    const std::map<std::string, Accelerator>& accelerators,
                    const ProfileStore& store);

  [[nodiscard]] OperatorTime time(const Operator& op, const KernelContext& context) const override;

 private:
  /// A sample and how far the roofline of its own accelerator was off.
  struct Corrected {
    std::array<double, 4> shape{};
    double log_ratio = 0;
    const KernelSample* sample = nullptr;
    const Accelerator* owner = nullptr;
  };
  /// Samples of one kind of kernel, from one library on one accelerator; of attention, on one
  /// architecture.
  struct Table {
    std::string library;
    ProvenanceKind kind = ProvenanceKind::published;
    std::vector<Corrected> samples;
  };
  struct Correction {
    double factor = 1;
    Provenance provenance;
    bool in_step = false;
  };

  using Tables = std::map<std::string, std::vector<Table>>;

  void add_samples(const Accelerator& owner, const AcceleratorProfile& profile, Tables& to,
                   const std::function<bool(const Operator&)>& wanted) const;
  void add_sample(const Accelerator& owner, const KernelSample& sample, const std::string& library,
                  std::vector<Table>& tables) const;
  void append_in_order(Tables tables);
  [[nodiscard]] Ceilings ceilings(const Accelerator& of, const Operator& op) const;
  [[nodiscard]] Correction correction(const Operator& op) const;
  void hold_to_sustained_rate(const Operator& op, double share_of_sms, OperatorTime& time) const;
  [[nodiscard]] Provenance provenance_of(const Table& table, const Corrected& nearest,
                                         const std::string& key, const Operator& op) const;
  enum class Owners { any, own_architecture };
  /// Of the tables that may speak for an operator: such with about as many rows, or any.
  enum class Reach { rows, any };
  [[nodiscard]] static bool outgrown(const Table& table, const std::string& key,
                                     const Operator& op);
  [[nodiscard]] static double distance_to(const Table& table, const std::array<double, 4>& at);
  /// The first table with a shape near this one, else the one with the nearest.
  [[nodiscard]] const Table* choose(const std::vector<Table>& tables,
                                    const std::array<double, 4>& at, Owners owners) const;
  /// From the first of the keys under which there are tables that reach so far.
  [[nodiscard]] std::optional<Correction> from_tables(const std::vector<std::string>& keys,
                                                      const Operator& op, Owners owners,
                                                      Reach reach) const;
  [[nodiscard]] int preference(const std::string& library, const Operator& op) const;

  Accelerator accelerator_;
  SoftwareStack stack_;
  /// By kernel kind (name, format, pass), each in order of preference: own tables first.
  Tables tables_;
};

}  // namespace fleetwright
