#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "planner/date.hpp"

namespace fleetwright {

/// A figure with its range; all equal where it is exact.
struct ValueRange {
  double low = 0;
  double typical = 0;
  double high = 0;
};

/// A row of the price book: a price, or a factor that turns prices into cost.
struct Price {
  std::string item;          // "server.H800-SXM"
  std::string kind;          // list, quote, street, grey, cloud ...
  std::string region;        // ISO 3166 code, EU, or any
  std::optional<Date> date;  // nothing: holds at any time
  ValueRange range;          // as given, or by the confidence of the row
  std::string unit;          // "USD/8 GPU"
  std::string confidence;    // high, medium, low
  std::string source;        // keys
  std::string note;
};

/// How single figures become ranges, how long a price holds, and what moves together.
struct UncertaintyRules {
  struct Cause {
    std::string name;
    std::vector<std::string> items;  // beginnings of names
    double correlation = 0;          // of any two inputs of this cause
  };
  std::map<std::string, double> spread;  // by confidence
  double hold_months = 0;
  std::vector<Cause> causes;

  /// The cause of an input's name, or null.
  [[nodiscard]] const Cause* cause_of(std::string_view item) const;
};

/// What a price is asked for.
struct PriceQuery {
  std::string item;
  Date date;
  std::vector<std::string> regions;  // looked for in this order; rows of "any" come last
  std::vector<std::string> kinds;    // empty: all but grey, which must be asked for by name
};

/// A price as it was on that day and in that place.
struct PriceAnswer {
  ValueRange range;
  std::string unit;
  std::string region;
  std::string confidence;            // the worst of its rows
  std::vector<std::string> sources;  // keys
  std::vector<std::string> kinds;
  std::string how;  // "4 quotes of 2023-05-01 to 2025-03-01, interpolated"
};

/// Why there is none: "no price known for ..., nearest is ...".
struct NoPrice {
  std::string why;
};

/// Dated prices by place and kind.
class PriceBook {
 public:
  PriceBook(std::vector<Price> prices, UncertaintyRules rules);

  /// Within the days that its rows span, low, typical and high are interpolated by date for each
  /// kind; beyond them the nearest holds for a while. Kinds together give the lowest low, the
  /// mean typical and the highest high.
  [[nodiscard]] std::variant<PriceAnswer, NoPrice> find(const PriceQuery& query) const;

  [[nodiscard]] const std::vector<Price>& prices() const { return prices_; }
  [[nodiscard]] const UncertaintyRules& rules() const { return rules_; }
  [[nodiscard]] bool knows(std::string_view item) const;

 private:
  [[nodiscard]] std::optional<PriceAnswer> find_in(const std::string& region,
                                                   const PriceQuery& query) const;
  [[nodiscard]] NoPrice nothing(const PriceQuery& query) const;

  std::vector<Price> prices_;
  UncertaintyRules rules_;
};

/// The price book that the program ships with. Throws ScenarioError (located) and Error.
[[nodiscard]] const PriceBook& price_book();

/// Reads tables of prices and the rules of their ranges. Throws ScenarioError (located) and Error.
[[nodiscard]] PriceBook read_price_book(const std::vector<std::filesystem::path>& tables,
                                        const std::filesystem::path& rules);

}  // namespace fleetwright
