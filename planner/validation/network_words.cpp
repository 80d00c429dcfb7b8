#include "planner/validation/network_words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>
#include <optional>
#include <regex>

#include "models/core/error.hpp"

namespace fleetwright {
namespace {

bool says(const std::string& text, std::string_view word) {
  return text.find(word) != std::string::npos;
}

// Lower case, with GB/s (the one word whose case matters) turned into Gb/s.
std::string normalized(std::string_view words) {
  static const std::regex bytes(R"((\d+)\s*(GB/s|GBps))");
  std::string text(words);
  std::smatch match;
  while (std::regex_search(text, match, bytes)) {
    text = fmt::format("{}{} gb/s{}", match.prefix().str(), std::stol(match[1].str()) * 8,
                       match.suffix().str());
  }
  std::ranges::transform(text, text.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

// "(A100: 8x200G HDR; H100: 8x400G NDR)": what stands behind the own label, up to the next one.
std::string own_part(const std::string& text, const Accelerator& accelerator) {
  const std::string label = normalized(accelerator.id.substr(0, accelerator.id.find('-'))) + ":";
  const auto at = text.find(label);
  if (at == std::string::npos) return text;
  const auto from = at + label.size();
  return text.substr(from, text.find(';', from) - from);
}

bool speaks_of_other_links(const std::string& part) {
  static const std::regex counted(R"(\d\s*x\s*[a-z0-9])");
  if (says(part, "nvlink")) return !std::regex_search(part, counted);
  constexpr std::array others{"storage", "management", "ethernet nic", "pcie"};
  return std::ranges::any_of(others, [&](const char* word) { return says(part, word); });
}

std::string without_other_links(const std::string& text) {
  std::string kept;
  for (std::size_t from = 0; from < text.size();) {
    const auto end = std::min(text.find_first_of(",+;", from), text.size());
    const std::string part = text.substr(from, end - from);
    if (!speaks_of_other_links(part)) kept += part + ", ";
    from = end + 1;
  }
  return kept;
}

enum class Kind { infiniband, roce, efa, omnipath };

std::optional<Kind> kind_of(const std::string& text) {
  if (says(text, "omni-path") || says(text, "omnipath")) return Kind::omnipath;
  if (says(text, "efa")) return Kind::efa;
  if (says(text, "roce") || says(text, "ethernet")) return Kind::roce;
  for (const char* word : {" ib", "infiniband", "hdr", "ndr", "xdr", "edr"}) {
    if (says(text, word)) return Kind::infiniband;
  }
  return std::nullopt;
}

Kind kind_of_nic(const std::string& id) {
  return id.starts_with("roce")   ? Kind::roce
         : id.starts_with("efa")  ? Kind::efa
         : id.starts_with("omni") ? Kind::omnipath
                                  : Kind::infiniband;
}

std::string_view prefix_of(Kind kind) {
  constexpr std::array<std::string_view, 4> prefixes{"ib-", "roce-", "efa-", "omnipath-"};
  return prefixes.at(static_cast<std::size_t>(kind));
}

/// Gbit/s of one NIC, of the NICs of a node together, or of those of a GPU; and how many there are.
struct Numbers {
  std::optional<double> of_nic, of_node, of_gpu;
  std::optional<int> nics;
};

Numbers numbers_of(const std::string& text) {
  // A count, up to three words (ConnectX-7 IB NDR), a speed.
  static const std::regex counted(
      R"((\d+)\s*x\s*(?:[a-z][\w-]*\s+){0,3}(?:hdr|ndr|xdr|edr)?(\d{2,4})(?!\d))");
  static const std::regex count_behind(R"(omni-?\s?path\s*(\d+)\s*x\s*(\d+))");
  static const std::regex each(R"((\d{2,4})\s*g[b/a-z]*[a-z\s]{0,16}(?:per gpu|/\s?gpu))");
  static const std::regex total(R"((\d{2,5})\s*g[b/a-z]*[a-z\s]{0,16}(?:per node|/\s?node))");
  static const std::regex lone(R"((?:^|[^\dx.])(\d{2,4})\s*gb?)");
  Numbers n;
  std::smatch match;
  if (std::regex_search(text, match, counted)) {
    n.nics = std::stoi(match[1].str());
    n.of_nic = std::stod(match[2].str());
  } else if (std::regex_search(text, match, count_behind)) {
    n.nics = std::stoi(match[2].str());
    n.of_nic = std::stod(match[1].str());
  } else if (std::regex_search(text, match, each)) {
    n.of_gpu = std::stod(match[1].str());
  } else if (std::regex_search(text, match, total)) {
    n.of_node = std::stod(match[1].str());
  } else if (std::regex_search(text, match, lone)) {
    n.of_nic = std::stod(match[1].str());
  }
  return n;
}

double gigabits(const Link& link) { return link.bandwidth.value.si() * 8 / 1e9; }

// The link of that kind nearest in speed, scaled where none has it.
Link link_of(Kind kind, double speed, const std::map<std::string, Link>& links) {
  const auto off = [&](const Link& l) { return std::abs(std::log(gigabits(l) / speed)); };
  const Link* nearest = nullptr;
  for (const auto& [id, link] : links) {
    if (!id.starts_with(prefix_of(kind))) continue;
    if (nearest == nullptr || off(link) < off(*nearest)) nearest = &link;
  }
  ensure(nearest != nullptr, "the data files must name a link of every kind of network");
  Link link = *nearest;
  const double ratio = speed / gigabits(link);
  if (std::abs(ratio - 1) < 0.01) return link;
  link.id = fmt::format("{}{:g}", prefix_of(kind), speed);
  link.bandwidth.value *= ratio;
  link.achievable_bandwidth.value *= ratio;
  link.achievable_bandwidth.provenance = {ProvenanceKind::assumed,
                                          nearest->id + " scaled by nominal speed"};
  return link;
}

// As many for each GPU as in the reference design.
int reference_nics(const Accelerator& a, int gpus_per_node) {
  const double domain = std::max(1.0, a.scale_up_domain.value);
  const double per_gpu = (a.nics_per_node ? a.nics_per_node->value : domain) / domain;
  return std::max(1, static_cast<int>(std::lround(per_gpu * gpus_per_node)));
}

}  // namespace

StatedNetwork read_network_words(std::string_view words, const Accelerator& accelerator,
                                 int gpus_per_node, const std::map<std::string, Link>& links) {
  const auto found = links.find(accelerator.nic);
  ensure(found != links.end(), "an accelerator's reference NIC must be a known link");
  const Link& reference = found->second;
  const std::string own = own_part(normalized(words), accelerator);
  const std::string text = without_other_links(own);
  const auto kind = kind_of(text);
  Numbers n = numbers_of(text);

  StatedNetwork result;
  result.several_planes = says(text, "multi-plane");
  result.nics_per_node = n.nics.value_or(reference_nics(accelerator, gpus_per_node));
  if (kind == Kind::efa) {
    // Known by instance: P4d has four NICs; of P5 the share of a GPU counts as one.
    result.nic = links.at(accelerator.architecture == "ampere" ? "efa-p4d" : "efa-p5");
    const double each = gigabits(result.nic);
    const double total = n.of_node.value_or(n.of_gpu.value_or(400.0) * gpus_per_node);
    result.nics_per_node = std::max(1, static_cast<int>(std::lround(total / each)));
    return result;
  }
  // A single speed beyond the reference NIC's is what a node has together.
  if (n.of_nic && !n.nics && *n.of_nic > gigabits(reference) * 1.01) std::swap(n.of_nic, n.of_node);
  if (n.of_gpu) result.nics_per_node = gpus_per_node;
  const std::optional<double> speed = n.of_gpu    ? n.of_gpu
                                      : n.of_node ? *n.of_node / result.nics_per_node
                                                  : n.of_nic;
  if (!speed) result.assumed = "network as the reference design";
  result.nic =
      link_of(kind.value_or(kind_of_nic(reference.id)), speed.value_or(gigabits(reference)), links);
  return result;
}

}  // namespace fleetwright
