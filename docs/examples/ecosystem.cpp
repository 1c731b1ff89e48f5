#include <iostream>
#include <limits>
#include <span>
#include <unordered_map>
#include <vector>

#include <fmt/format.h>
#include <Eigen/Core>
#include <Eigen/LU>

#include <halfulp/lib/adapter/eigen.hpp>
#include <halfulp/lib/adapter/fmt.hpp>
#include <halfulp/lib/adapter/matrix_view.hpp>
#include <halfulp/lib/kernel/gemm.hpp>
#include <halfulp/lib/kernel/span_view.hpp>
#include <halfulp/softfloat/hash.hpp>
#include <halfulp/softfloat/limits.hpp>
#include <halfulp/softfloat/stream.hpp>

using namespace halfulp;
using half = Float<binary16>;

// What std::numeric_limits says of float, it says of every format.
static_assert(std::numeric_limits<half>::digits == 11 && std::numeric_limits<half>::max_digits10 == 5);
static_assert(!std::numeric_limits<Float<e4m3fn>>::has_infinity && std::numeric_limits<Float<e4m3fn>>::has_quiet_NaN);

int main() {
    // Streams and fmt write the shortest decimal that reads back; a hash takes +0 and -0 for one number.
    const half tenth{0x2E66};
    std::cout << tenth << '\n';
    fmt::print("{:>8}|\n", tenth);
    std::unordered_map<half, int> counts;
    for (const half x : {half{0x0000}, half{0x8000}, tenth}) ++counts[x];
    fmt::print("{} numbers\n", counts.size());

    // A number of Eigen (or CUDA: halfulp/lib/adapter/cuda.hpp) and back: the same bits, without arithmetic.
    const Eigen::half third = Eigen::half(1.0F / 3.0F);
    fmt::print("{} + ulp = {}\n", to_float(third), next_up(to_float(third)));
    const auto back = from_float<Eigen::half>(next_up(to_float(third)));
    fmt::print("as Eigen's: {}\n", static_cast<float>(back));

    // Eigen over any format: its algorithms, each operation rounded once.
    using e4m3_number = Scalar<e4m3fn>;
    Eigen::Matrix<e4m3_number, 2, 2> m;
    m << e4m3_number(3), e4m3_number(1), e4m3_number(1), e4m3_number(3);
    std::cout << m.inverse() << '\n';

    // Kernels on matrices where they lie: blocks of Eigen's, rows with a leading dimension in a span.
    Eigen::MatrixXf a = Eigen::MatrixXf::Identity(4, 4) * 2;
    const std::vector<float> memory = {1, 2, 0, 3, 4, 0};  // rows of two, three apart
    Eigen::MatrixXf c = Eigen::MatrixXf::Zero(2, 2);
    kernel::gemm(*kernel::find_gemm_policy("fp32"), view_of(a.topLeftCorner(2, 2)),
                 kernel::row_major(std::span(memory), 2, 2, 3), view_of(c));
    std::cout << c << '\n';
}
