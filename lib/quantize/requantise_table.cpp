#include <halfulp/lib/quantize/requantise_table.hpp>

#include <fmt/format.h>

#include <array>
#include <functional>
#include <numeric>
#include <string>
#include <vector>

#include <halfulp/lib/quantize/requantise.hpp>

namespace halfulp::quantize {
namespace {

constexpr std::int32_t first_sum = -500000;
constexpr std::size_t sum_count = 1000000;

struct Factor {
    double value;
    std::string_view text;
};

constexpr std::array factors = {Factor{0x1p-8, "2^-8"}, Factor{3 * 0x1p-10, "3 * 2^-10"}, Factor{1e-3, "1/1000"},
                                Factor{1.0 / 17, "1/17"}};

using Codes = std::vector<std::int16_t>;

Codes codes_by(const RequantisationRow& way, double factor) {
    std::vector<std::int32_t> sums(sum_count);
    std::iota(sums.begin(), sums.end(), first_sum);
    Codes codes(sums.size());
    requantise({way.value, factor, 0, {INT16_MIN, INT16_MAX}}, sums, codes);
    return codes;
}

int differences(const Codes& a, const Codes& b) {
    return std::transform_reduce(a.begin(), a.end(), b.begin(), 0, std::plus(), std::not_equal_to());
}

}  // namespace

Table requantisation_table() {
    Table table = {{"way", "other way"}};
    for (std::size_t i = 0; i < requantisations.size(); ++i)
        for (std::size_t j = i + 1; j < requantisations.size(); ++j)
            table.push_back({std::string(requantisations[i].name), std::string(requantisations[j].name)});
    for (const Factor& factor : factors) {
        table[0].push_back("factor " + std::string(factor.text));
        std::array<Codes, requantisations.size()> codes;
        for (std::size_t i = 0; i < codes.size(); ++i) codes[i] = codes_by(requantisations[i], factor.value);
        auto row = table.begin();
        for (std::size_t i = 0; i < codes.size(); ++i)
            for (std::size_t j = i + 1; j < codes.size(); ++j)
                (++row)->push_back(fmt::to_string(differences(codes[i], codes[j])));
    }
    return table;
}

}  // namespace halfulp::quantize
