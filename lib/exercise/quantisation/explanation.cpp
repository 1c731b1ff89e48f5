#include <halfulp/lib/exercise/quantisation/explanation.h>

#include <fmt/format.h>

#include <halfulp/lib/exercise/quantisation/model.h>

namespace halfulp {
namespace {

/// SQNR of Gaussian data by the symmetric codes of so many bits, the greatest of them at `clip` standard deviations.
double gaussian_decibels(int bits, double clip) {
    const Quantiser q = symmetric.with_bits(bits);
    const double deviation = static_cast<double>(q.greatest()) / clip;
    return decibels(deviation * deviation / gaussian_error(q, deviation));
}

std::string definitions() {
    return fmt::format(
        "To quantise is to divide by a step s and round to an integer. Three quantisers go by one name. Mid-rise, the "
        "converter of textbooks, has 2^b levels at odd multiples of s/2 and none at 0. Two's complement takes all "
        "codes of the integer type, [{}, {}] for int8. The symmetric one leaves out {}, so that negation never "
        "overflows: {} codes, whose ends are {} steps apart, not {}.",
        twos_complement.least(), twos_complement.greatest(), twos_complement.least(), symmetric.codes(),
        symmetric.codes() - 1, twos_complement.codes());
}

std::string model() {
    const int bits = symmetric.bits;
    const double sine = decibels(1.5);
    return fmt::format(
        "The model says: the error is noise, uniform over a step and independent of the signal; its variance is "
        "s^2/12. An input uniform over 2^b steps then has an SQNR of 4^b, {:.4f} dB a bit. A sine of full scale has "
        "{:.4f} dB more: its power is A^2/2, that of a uniform input A^2/3. 10 log10(3/2) is the ratio of their crest "
        "factors, peak to mean power; it has nothing to do with noise. \"{:.2f} b + {:.2f}\" is the formula of "
        "analogue-to-digital converters, for a sine of full scale and nothing else, with rounded constants: {:.2f} dB "
        "at {} bits where the model says {:.4f}.",
        decibels(4), sine, decibels(4), sine, 6.02 * bits + 1.76, bits, decibels(4) * bits + sine);
}

/// The SQNR of an input uniform on [-half_width s, half_width s]: "254^2 = 64516, 48.0967 dB".
std::string uniform(double half_width) {
    const double steps = 2 * half_width;
    return fmt::format("{}^2 = {}, {:.4f} dB", steps, steps * steps, decibels(steps * steps));
}

std::string ends() {
    const auto top = static_cast<double>(symmetric.greatest());
    return fmt::format(
        "{0}, {1} or {2}? An input uniform on [-{0} s, {0} s] has an SQNR of exactly {3}; on [-{1} s, {1} s], up to "
        "where clipping begins, {4}; and {5}, would need {6} steps, which no symmetric int8 has. TensorRT's scale is "
        "amax/{0}, PyTorch's for symmetric int8 amax/{1}: two definitions, and other codes.",
        top, top + 0.5, top + 1, uniform(top), uniform(top + 0.5), uniform(top + 1), 2 * top + 2);
}

/// The least standard deviation, in hundredths of a step, from which on the error of Gaussian data is the model's but
/// for that share.
double gaussian_from(double tolerance) {
    int hundredths = 1;
    while (1 - gaussian_share(hundredths / 100.0) > tolerance) ++hundredths;
    return hundredths / 100.0;
}

std::string conditions() {
    constexpr double tolerance = 0.01;
    return fmt::format(
        "When is the model right? The error is uniform if and only if the characteristic function of the input is 0 at "
        "every multiple of 2 pi/s but 0 (Sripad and Snyder 1977). Uniform input over a whole number of steps fulfils "
        "that. A Gaussian one never does: with a standard deviation of s/4, s/2 and s the mean square error is {:.3f}, "
        "{:.4f} and 1 - {:.1e} times s^2/12; from {:.2f} s on it is within {} % of it. A sine does not either, and it "
        "lingers at its peaks: with ever more points, the SQNR is above the model's where the peaks lie on levels, and "
        "below where they lie in the middle between two. Where 0 is a level, a signal that is a multiple of s "
        "everywhere, and within the range, has no error at all, and one that stays below s/2 has nothing but error.",
        gaussian_share(0.25), gaussian_share(0.5), 1 - gaussian_share(1), gaussian_from(tolerance), 100 * tolerance);
}

std::string discrete() {
    return "A discrete input, M values to a step, has s^2/12 (1 - 1/M^2) if M is odd. If M is even there are ties, and it "
           "is s^2/12 (1 + 2/M^2), whichever way they go; but floor(x/s + 1/2), which takes all of them upwards, adds a "
           "bias of s/(2M), and to nearest even adds none. The variance, which is what is left without the square of the "
           "bias, is s^2/12 (1 + 2/M^2) to nearest even and s^2/12 (1 - 1/M^2) upwards. This is what happens when int32 sums are requantised to int8.";
}

std::string bits() {
    const Clip clip = best_gaussian_clip(symmetric);
    const int eight = symmetric.bits, sixteen = 2 * eight;
    const double best = decibels(clip.sqnr), formula = decibels(4) * eight + decibels(1.5);
    return fmt::format(
        "\"{:.0f} dB a bit\" holds while the range stays and nothing is clipped. Gaussian data has no range: int8 does "
        "best where the greatest code lies at {:.2f} standard deviations, and delivers {:.2f} dB there, {:.1f} dB less "
        "than the formula of converters. With the same clip {} bits deliver {:.2f} dB, as what is left is the error of "
        "clipping.",
        decibels(4), clip.deviations, best, formula - best, sixteen, gaussian_decibels(sixteen, clip.deviations));
}

std::string floating_point() {
    return "\"The error is at most s/2\" is a statement about real numbers. In fp32 the quotient x/s is rounded before it "
           "is rounded to an integer, and the level k s is rounded too; so the error can be a little more. With a power "
           "of two as the scale both are exact. Multiplying by 1/s instead of dividing by s is a third rounding, and "
           "gives other codes for some x: ONNX's QuantizeLinear divides.";
}

}  // namespace

std::string quantisation_explanation() {
    return fmt::format("{}\n\n{}\n\n{}\n\n{}\n\n{}\n\n{}\n\n{}", definitions(), model(), ends(), conditions(),
                       discrete(), bits(), floating_point());
}

}  // namespace halfulp
