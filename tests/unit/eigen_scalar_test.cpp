// Claim: matrices of Eigen over Scalar<F> have the bits of Eigen's algorithm with every operation rounded once to F.
// Oracle: the same algorithms of Eigen over its own half and bfloat16, which compute each operation in binary32, exactly or
// innocuously rounded twice (24 >= 2 * 11 + 2), and convert: hardware and Eigen's code; for small cases loops over
// doubles, each result rounded by Eigen's conversion (53 >= 2 * 11 + 2 likewise). Shared with the code: the order, which is
// Eigen's.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <bit>
#include <cstdint>
#include <halfulp/lib/adapter/eigen.hpp>
#include <halfulp/softfloat/stream.hpp>
#include <random>
#include <vector>

#include <Eigen/Cholesky>
#include <Eigen/Core>
#include <Eigen/LU>
#include <Eigen/QR>

namespace halfulp {
namespace {

using Half = Scalar<binary16>;
template <class T>
using Matrix = Eigen::Matrix<T, Eigen::Dynamic, Eigen::Dynamic>;

std::uint16_t code(Half x) { return x.code; }
std::uint16_t code(Scalar<bfloat16> x) { return x.code; }
std::uint16_t code(Eigen::half x) { return std::bit_cast<std::uint16_t>(x); }
std::uint16_t code(Eigen::bfloat16 x) { return std::bit_cast<std::uint16_t>(x); }

/// The codes of every number of a matrix.
auto codes(const auto& m) {
    std::vector<std::uint16_t> all;
    for (Eigen::Index j = 0; j < m.cols(); ++j)
        for (Eigen::Index i = 0; i < m.rows(); ++i) all.push_back(code(m(i, j)));
    return all;
}

/// Numbers between -2 and 2 with all digits, the same ones for every T.
template <class T>
Matrix<T> random_matrix(Eigen::Index rows, Eigen::Index columns, unsigned seed) {
    std::mt19937 draw(seed);
    Matrix<T> m(rows, columns);
    for (Eigen::Index j = 0; j < columns; ++j)
        for (Eigen::Index i = 0; i < rows; ++i) m(i, j) = T(static_cast<float>(draw()) * 0x1p-30F - 2.0F);
    return m;
}

/// What Eigen computes of matrices of T element by element and in products, as codes; `order` is theirs.
template <class T>
std::vector<std::vector<std::uint16_t>> computed(Eigen::Index order, unsigned seed) {
    const Matrix<T> a = random_matrix<T>(order, order, seed), b = random_matrix<T>(order, order, seed + 1);
    return {codes(Matrix<T>(a * b)),
            codes(Matrix<T>(T(3) * a - b / T(7))),
            codes(Matrix<T>(a.cwiseProduct(b).cwiseAbs().cwiseSqrt())),
            codes(Matrix<T>(a.rowwise().sum())),
            {code(a.sum()), code(a.norm()), code(a.mean()), code(a.trace()), code(a.maxCoeff())}};
}

/// Factors of matrices of T and what is solved by them.
template <class T>
std::vector<std::vector<std::uint16_t>> factored(Eigen::Index order, unsigned seed) {
    const Matrix<T> a = random_matrix<T>(order, order, seed), b = random_matrix<T>(order, order, seed + 1);
    const Matrix<T> symmetric = a * a.transpose() + Matrix<T>::Identity(order, order);
    const Eigen::PartialPivLU<Matrix<T>> lu(a);
    return {codes(lu.matrixLU()),
            codes(Matrix<T>(lu.solve(b))),
            {code(lu.determinant())},
            codes(Matrix<T>(symmetric.llt().matrixL())),
            codes(Matrix<T>(a.householderQr().matrixQR()))};
}

TEST(EigenScalar, HasTheBitsOfEigensOwnTypes) {
    for (const Eigen::Index order : {1, 2, 3, 7, 24})
        for (const unsigned seed : {1U, 2U, 3U}) {
            EXPECT_EQ(computed<Half>(order, seed), computed<Eigen::half>(order, seed)) << order;
            EXPECT_EQ(computed<Scalar<bfloat16>>(order, seed), computed<Eigen::bfloat16>(order, seed)) << order;
            EXPECT_EQ(factored<Half>(order, seed), factored<Eigen::half>(order, seed)) << order;
        }
}

/// To the nearest binary16.
double rounded(double x) { return static_cast<double>(static_cast<float>(Eigen::half(static_cast<float>(x)))); }

Matrix<double> widened(const Matrix<Half>& m) { return m.cast<double>(); }

TEST(EigenScalar, MultipliesAndAddsInAscendingK) {
    const Matrix<Half> a = random_matrix<Half>(5, 6, 1), b = random_matrix<Half>(6, 4, 2);
    const Matrix<double> x = widened(a), y = widened(b), product = widened(a * b);
    for (Eigen::Index i = 0; i < 5; ++i)
        for (Eigen::Index j = 0; j < 4; ++j) {
            double sum = rounded(x(i, 0) * y(0, j));
            for (Eigen::Index k = 1; k < 6; ++k) sum = rounded(sum + rounded(x(i, k) * y(k, j)));
            EXPECT_EQ(product(i, j), sum) << i << ", " << j;
        }
}

TEST(EigenScalar, EliminatesAsTheTextbook) {
    Matrix<Half> a = random_matrix<Half>(4, 4, 3);
    a.diagonal().array() += Half(8);  // no rows are exchanged
    Matrix<double> lu = widened(a);
    for (Eigen::Index k = 0; k < 4; ++k)
        for (Eigen::Index i = k + 1; i < 4; ++i) {
            lu(i, k) = rounded(lu(i, k) / lu(k, k));
            for (Eigen::Index j = k + 1; j < 4; ++j) lu(i, j) = rounded(lu(i, j) - rounded(lu(i, k) * lu(k, j)));
        }
    EXPECT_EQ(widened(Eigen::PartialPivLU<Matrix<Half>>(a).matrixLU()), lu);
}

TEST(EigenScalar, ConvertsByValue) {
    EXPECT_EQ(Half(1).code, 0x3C00);
    EXPECT_EQ(Half(-2049).code, 0xE800) << "the even neighbour of a tie";
    EXPECT_EQ(Half(0.1F).code, 0x2E66);
    EXPECT_EQ(Half(1.0 + 0x1p-11 + 0x1p-40).code, 0x3C01) << "rounded once, not by way of binary32";
    EXPECT_EQ(Half(Float<binary16>{1}).code, 1);
    EXPECT_EQ(static_cast<int>(Half(-2.75F)), -2);
    EXPECT_EQ(static_cast<std::int8_t>(Half(300)), 127);
    EXPECT_EQ(static_cast<float>(Half(0.1F)), 0.0999755859375F);
    EXPECT_EQ(static_cast<double>(Scalar<e4m3fn>(460.0)), 448);
}

TEST(EigenScalar, HasTheFunctionsThatEigenCalls) {
    Matrix<Half> m(1, 3);
    m << Half(1), Half(-0.5F), std::numeric_limits<Half>::infinity();
    EXPECT_FALSE(m.allFinite());
    EXPECT_FALSE(m.hasNaN());
    EXPECT_TRUE((m * Half(0)).hasNaN());
    const Matrix<Half> ones = Matrix<Half>::Ones(2, 2);
    EXPECT_TRUE(ones.isApprox(ones * Half(1.007F)));
    EXPECT_FALSE(ones.isApprox(ones * Half(1.009F)));
    // e^1, e^-0.5, tanh(1) and log(1) to the nearest binary16: 2.71875, 0.6064453125, 0.76171875, 0.
    EXPECT_THAT(codes(Matrix<Half>(m.array().exp())), testing::ElementsAre(0x4170, 0x38DA, 0x7C00));
    EXPECT_THAT(codes(Matrix<Half>(m.array().tanh())), testing::ElementsAre(0x3A18, 0xB765, 0x3C00));
    EXPECT_THAT(codes(Matrix<Half>(m.array().abs().log())), testing::ElementsAre(0x0000, 0xB98C, 0x7C00));
    EXPECT_TRUE(Eigen::numext::isinf(m(2)));
    EXPECT_EQ(Eigen::NumTraits<Half>::epsilon().code, 0x1400);
    EXPECT_EQ(Eigen::NumTraits<Half>::dummy_precision().code, 0x2000);
    EXPECT_EQ(Eigen::NumTraits<Half>::digits10(), 3);
    EXPECT_FALSE(bool{Eigen::NumTraits<Scalar<e8m0>>::IsSigned});
}

}  // namespace
}  // namespace halfulp
