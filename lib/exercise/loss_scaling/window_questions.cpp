#include <halfulp/lib/exercise/loss_scaling/window_question.hpp>

#include <fmt/format.h>

#include <halfulp/lib/exercise/loss_scaling/questions.hpp>
#include <halfulp/lib/exercise/loss_scaling/window.hpp>
#include <halfulp/lib/exercise/prediction.hpp>
#include <halfulp/softfloat/formats.hpp>

namespace halfulp {
namespace {

using truth::pow2;
using truth::Rational;

/// The fp32 number before or after a positive one, or itself.
Rational neighbour(const Rational& x, int step) {
    return value_of(binary32, code_of(binary32, x) + static_cast<std::uint64_t>(step));
}

/// Two gradients that a factor of 2^20 brings to borders of fp16, or beside them, and what that is to show.
struct Pair {
    std::string name;
    Rational smallest, largest;  ///< after scaling by 2^20
};

std::vector<Pair> pairs() {
    const Borders b = borders(binary16);
    const Rational below_overflow = neighbour(b.overflow, -1);
    return {
        {"inside the borders of flush and overflow, by an fp32 unit each", neighbour(b.flush, 1), below_overflow},
        {"on the borders of flush and overflow", b.flush, b.overflow},
        {fmt::format("on the border of flush and 2^{}", binary16.bias), b.flush, pow2(binary16.bias)},
        {"on the border of normal numbers and below that of overflow", b.normal, below_overflow},
        {"below the border of normal numbers and that of overflow", neighbour(b.normal, -1), below_overflow},
    };
}

}  // namespace

std::vector<Question> window_questions() {
    std::vector<Question> questions;
    for (const Pair& pair : pairs()) {
        const Rational unscale = pow2(-20);
        const Codes codes = {code_of(binary32, pair.smallest * unscale), code_of(binary32, pair.largest * unscale)};
        questions.push_back(window_question(fmt::format("two gradients, 2^20 times which are {}", pair.name), codes));
    }
    return questions;
}

}  // namespace halfulp
