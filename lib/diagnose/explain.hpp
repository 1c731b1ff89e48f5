#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include <halfulp/lib/diagnose/error_bound.hpp>
#include <halfulp/lib/diagnose/hypothesis.hpp>
#include <halfulp/lib/diagnose/predict.hpp>

namespace halfulp {

/// How D is related to what is known.
enum class Conclusion : std::uint8_t {
    Reproduced,    ///< every bit
    ButForNaNs,    ///< all but the bits of NaNs
    ButForFew,     ///< all but at most one element in 16, and these differ by no more than roundings may
    OrderUnknown,  ///< by no hypothesis, but within the bound of sums in any order
    NotRounding,   ///< an element lies outside
};

/// Whether NaNs that differ in their bits are as wrong as numbers that do.
enum class NanBits : std::uint8_t { Compared, Alike };

/// An element that a hypothesis gives another code.
struct Mismatch {
    std::size_t row, column;      ///< from 0
    std::uint64_t expected, got;  ///< codes of D's format

    friend bool operator==(const Mismatch&, const Mismatch&) = default;
};

/// A hypothesis held against every element.
struct Candidate {
    Hypothesis hypothesis;    ///< what was tried
    std::size_t matches = 0;  ///< equal elements, NaNs of any bits among them
    std::size_t nans = 0;     ///< NaNs of these that differ in their bits, unless those are alike
    /// the first element that differs, and the first NaN that does in its bits
    std::optional<Mismatch> first = {}, first_nan = {};
};

/// What explain() found.
struct Explanation {
    Gemm gemm;                     ///< what was multiplied
    Matrix d;                      ///< the result that is explained
    Conclusion conclusion;         ///< of the hypotheses asked about or, without them, of all
    std::vector<Candidate> asked;  ///< what was asked about
    std::vector<Candidate>
        reproducing;                 ///< all hypotheses that these data do not tell apart, in the order of Usage; of
                                     ///< those that match but for the bits of NaNs the ones that do in the fewest
    std::vector<Candidate> closest;  ///< where none reproduces: up to 5, by matches; of equal ones the first Usage
    Bounded bounded;                 ///< where none reproduces

    /// Is D, in every bit, what was asked about or, if nothing was, what some hypothesis gives?
    bool holds() const;
};

/// What explain() is told besides the matrices.
struct ExplainOptions {
    std::vector<Hypothesis> asked = {};  ///< what D should be
    double alpha = 1, beta = 1;          ///< factors of A B and of C
    std::int32_t zero_point = 0;         ///< of D where it has integers of at most 8 bits
    NanBits nans = NanBits::Compared;    ///< of D's NaNs
    unsigned threads = 1;                ///< how many compute
    std::function<void(std::uint64_t done, std::uint64_t wanted)> show = {};  ///< is told of progress
};

/// D beside what the hypothesis gives. Throws InputError as predict does. Pre: D is of the shape and the elements of that.
Candidate held_against(const Hypothesis& hypothesis, const Gemm& gemm, const Matrix& d,
                       NanBits nans = NanBits::Compared, unsigned threads = 1);

/// How D came about: which units and plans give all its bits, else which come closest and whether rounding can be the
/// reason. Throws InputError where the shapes do not agree, and for an
/// alpha or beta that is infinite or NaN.
Explanation explain(const Gemm& gemm, const Matrix& d, const ExplainOptions& options = {});

/// For people, as it goes into a report.
std::string explanation_text(const Explanation& explanation);

/// As JSON.
std::string explanation_json(const Explanation& explanation);

}  // namespace halfulp
