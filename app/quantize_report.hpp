#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include <halfulp/lib/quantize/calibration.hpp>
#include <halfulp/lib/quantize/information.hpp>
#include <halfulp/lib/quantize/noise.hpp>
#include <halfulp/lib/report/table.hpp>

/// What became of a tensor.
struct Quantised {
    std::string name;  ///< of the tensor
    std::vector<float> numbers;
    halfulp::quantize::Scheme scheme;
    std::vector<halfulp::quantize::Candidate> candidates;
    std::vector<halfulp::quantize::Information> information;  ///< of each candidate
    std::vector<halfulp::quantize::NoiseRow> noise;           ///< for 2 to 16 bits, if it is asked for

    const halfulp::quantize::Candidate& chosen() const { return halfulp::quantize::best(candidates); }
};

/// Every candidate, the chosen one marked.
halfulp::Table candidate_table(const Quantised& q);

/// What of a scheme the noise is studied for.
inline constexpr std::string_view noise_scope =
    "Noise of all numbers together, from the least to the greatest, in signed codes, rounded to nearest";

/// SQNR for 2 to 16 bits: by the uniform model, by the histogram, measured; and whether the model's noise is what was measured.
halfulp::Table noise_table(const Quantised& q);

/// The tables, and the tensor's own numbers, as a JSON object. null: what is infinite, what a candidate or a number of bits without
/// a scale has not, and the scale, zero point and divergence of a candidate with a quantiser a group; shares are of 1.
std::string report_json(const Quantised& q);

/// The names of all files that a page may have.
inline constexpr std::array page_files = {"quantise.html", "histogram.svg", "histogram.png", "histogram.tsv"};

struct PageFile {
    std::string name, content;
};

/// A page with both tables and, where the tensor has one quantiser, a picture of the numbers and the levels, the picture's files
/// beside it. Throws std::runtime_error without gnuplot.
std::vector<PageFile> quantise_page(const Quantised& q);
