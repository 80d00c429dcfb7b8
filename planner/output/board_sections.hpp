#pragma once

#include <string>

#include "planner/output/board_report.hpp"

namespace fleetwright {

// The sections of the board report, each an HTML element with a heading of the second level.

/// Page one: the four numbers, what was published, and what moves and limits them.
[[nodiscard]] std::string board_front(const BoardInput& input);

/// How one number becomes the next; what each is made of; published figures; what moves them.
[[nodiscard]] std::string board_money(const BoardInput& input);

/// The run that the money is for: duration and cost by size, memory, timeline; energy by country.
[[nodiscard]] std::string board_run(const BoardInput& input);

/// Assumptions with sources, methods, what lies outside what was measured, and the sources.
[[nodiscard]] std::string board_sources(const BoardInput& input);

/// A section that begins on a page of its own in print. `id` is unique on the page.
[[nodiscard]] std::string board_section(const std::string& id, const std::string& title,
                                        const std::string& body);

}  // namespace fleetwright
