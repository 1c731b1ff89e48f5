// Claim: exercise 5's recorded gradients are what its script prints, and what they claim to be: a softmax's, with the
// sums and counts that another program finds in them.
// Oracle: the script run again (skipped where its packages are missing), counts of another program as literals, the
// softmax's own identities. Shared: the counts are those of predict_fates, whose own test is exercise_loss_scaling_test.
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <algorithm>
#include <cstdio>
#include <string>

#include <halfulp/lib/exercise/loss_scaling/digits.h>
#include <halfulp/lib/exercise/loss_scaling/digits_gradients.h>
#include <halfulp/lib/exercise/loss_scaling/vector_error.h>
#include <halfulp/lib/exercise/loss_scaling/window_question.h>
#include <halfulp/softfloat/formats.hpp>

#include "support/exercises.hpp"
#include "support/folder.hpp"

namespace halfulp {
namespace {

using truth::pow2;
using truth::Rational;

// The counts that a program in another language finds in the table.
TEST(LossScalingDigits, AreFlushedAsCountedElsewhere) {
    const Fates logits = predict_fates(binary16, magnitudes(logit_gradients()), 1);
    EXPECT_EQ(logits.flushed, 61U);
    EXPECT_EQ(logits.subnormal, 166U);
    const Fates parameters = predict_fates(binary16, magnitudes(parameter_gradients()), 1);
    EXPECT_EQ(parameters.flushed, 0U);
    EXPECT_EQ(parameters.subnormal, 23U);
    EXPECT_EQ(magnitudes(parameter_gradients()).size(), 610U - 169U);
    EXPECT_EQ(predict_fates(bfloat16, magnitudes(step_gradients()), 1).flushed, 0U);
}

// Softmax minus the label, over the batch: an image's gradients add up to 0, and its label's alone is negative.
TEST(LossScalingDigits, AreGradientsOfASoftmax) {
    const Vector gradients = values(logit_gradients());
    for (std::size_t image = 0; image < digits_images; ++image) {
        const auto row = gradients.begin() + static_cast<std::ptrdiff_t>(image * digits_classes);
        Rational sum = 0;
        for (std::size_t label = 0; label < digits_classes; ++label) sum += row[static_cast<std::ptrdiff_t>(label)];
        const auto negative = std::count_if(row, row + digits_classes, [](auto& x) { return x < 0; });
        EXPECT_EQ(negative, 1) << image;
        // Each probability and their sum is rounded: ten half units of 1, and the division by the batch's 32.
        EXPECT_LE(abs(sum), 20 * pow2(-24) / digits_images) << image;
    }
}

// The script summed by numpy what is predicted here by rationals.
TEST(LossScalingDigits, AddUpToTheRecordedBiases) {
    const Codes recorded(digits_parameter_gradients.end() - digits_classes, digits_parameter_gradients.end());
    EXPECT_EQ(question(exercise(5), "digits, biases: the logits'").codes, recorded);
}

TEST(LossScalingDigits, AreWhatTheScriptPrints) {
    const std::string folder = HALFULP_SOURCE "/lib/exercise/loss_scaling/";
    FILE* pipe = popen((folder + "make_digits_gradients.py 2>&1").c_str(), "r");
    ASSERT_NE(pipe, nullptr);
    std::string printed;
    for (int c = std::fgetc(pipe); c != EOF; c = std::fgetc(pipe)) printed += static_cast<char>(c);
    const int status = WEXITSTATUS(pclose(pipe));
    if (status == 77 || status == 126 || status == 127) GTEST_SKIP() << printed;
    ASSERT_EQ(status, 0) << printed;
    EXPECT_EQ(printed, test::content(folder + "digits_gradients.cpp"));
}

}  // namespace
}  // namespace halfulp
