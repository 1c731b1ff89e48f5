// Claim: the reader of Matrix Market files reads what the format allows, and says of everything else in which line what
// was expected; the three matrices of tests/data are those of the Harwell-Boeing collection.
// Oracle: small files and their matrices, written out here; published numbers of entries; condition numbers by mpmath.
#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <string>
#include <vector>

#include <halfulp/lib/condition/matrix_condition.hpp>
#include <halfulp/lib/io/tensor.hpp>
#include <halfulp/lib/io/text_file.hpp>
#include <halfulp/softfloat/formats.hpp>

#include "support/folder.hpp"

namespace halfulp {
namespace {

class MatrixMarket : public test::FolderTest {
  protected:
    Tensor read(const std::string& text) const { return read_tensor(file("a.mtx", text)); }

    /// The message without the path: ":LINE: ...".
    std::string refusal(const std::string& text) const {
        try {
            read(text);
        } catch (const InputError& error) {
            return std::string(error.what()).substr((folder / "a.mtx").string().size());
        }
        return "no error";
    }
};

std::vector<double> doubles(const Tensor& tensor) {
    std::vector<double> numbers;
    for (const std::uint64_t code : tensor.codes)
        numbers.push_back(tensor.type == ElementType(binary64) ? std::bit_cast<double>(code)
                                                               : static_cast<double>(static_cast<std::int64_t>(code)));
    return numbers;
}

struct Case {
    std::string text;
    std::vector<std::size_t> shape;
    std::vector<double> numbers;
};

TEST_F(MatrixMarket, ReadsEveryKind) {
    const std::vector<Case> cases = {
        {"%%MatrixMarket matrix coordinate real general\n% of two\n\n2 3 2\n1 3 -2.5e-1\n\n2 1 +.5\n",
         {2, 3},
         {0, 0, -0.25, 0.5, 0, 0}},
        {"%%MatrixMarket MATRIX Coordinate REAL General\r\n2 2 1\r\n2 2 1\r\n", {2, 2}, {0, 0, 0, 1}},
        {"%%MatrixMarket matrix coordinate real symmetric\n2 2 2\n1 1 1\n2 1 3\n", {2, 2}, {1, 3, 3, 0}},
        {"%%MatrixMarket matrix coordinate real skew-symmetric\n2 2 1\n2 1 3\n", {2, 2}, {0, -3, 3, 0}},
        {"%%MatrixMarket matrix coordinate integer general\n1 2 1\n1 2 -7\n", {1, 2}, {0, -7}},
        {"%%MatrixMarket matrix coordinate integer skew-symmetric\n2 2 1\n2 1 -3\n", {2, 2}, {0, 3, -3, 0}},
        {"%%MatrixMarket matrix coordinate pattern symmetric\n2 2 1\n2 1\n", {2, 2}, {0, 1, 1, 0}},
        {"%%MatrixMarket matrix array real general\n2 3\n1\n2\n3\n4\n5\n6\n", {2, 3}, {1, 3, 5, 2, 4, 6}},
        {"%%MatrixMarket matrix array real symmetric\n2 2\n1\n2\n3\n", {2, 2}, {1, 2, 2, 3}},
        {"%%MatrixMarket matrix array integer skew-symmetric\n3 3\n1\n2\n3\n", {3, 3}, {0, -1, -2, 1, 0, -3, 2, 3, 0}},
        {"%%MatrixMarket matrix coordinate real general\n0 0 0\n", {0, 0}, {}},
    };
    for (const Case& c : cases) {
        const Tensor tensor = read(c.text);
        EXPECT_EQ(tensor.shape, c.shape) << c.text;
        EXPECT_EQ(doubles(tensor), c.numbers) << c.text;
    }
    EXPECT_EQ(read(cases[0].text).type, ElementType(binary64));
    EXPECT_EQ(read(cases[4].text).type, (ElementType(IntegerType{64, true})));
}

TEST_F(MatrixMarket, RoundsDecimalsOnce) {
    EXPECT_EQ(read("%%MatrixMarket matrix array real general\n1 1\n2.0833333333300e+06\n").codes[0],
              std::bit_cast<std::uint64_t>(2083333.33333));
}

TEST_F(MatrixMarket, RefusesTheRest) {
    const std::string general = "%%MatrixMarket matrix coordinate real general\n";
    const std::string symmetric = "%%MatrixMarket matrix coordinate real symmetric\n";
    const auto expect = [this](const std::string& text, const std::string& message) {
        EXPECT_EQ(refusal(text), message) << text;
    };
    expect("", ":1: expected %%MatrixMarket matrix LAYOUT FIELD SYMMETRY, found an empty file");
    expect("2 2 1\n", R"(:1: expected %%MatrixMarket matrix LAYOUT FIELD SYMMETRY, found "2 2 1")");
    expect("%%MatrixMarket matrix coordinate complex general\n1 1 1\n1 1 1 0\n",
           R"(:1: expected one of real, integer, pattern, found "complex")");
    expect("%%MatrixMarket matrix coordinate real hermitian\n",
           R"(:1: expected one of general, symmetric, skew-symmetric, found "hermitian")");
    expect("%%MatrixMarket matrix sparse real general\n", R"(:1: expected one of coordinate, array, found "sparse")");
    expect("%%MatrixMarket matrix array pattern general\n1 1\n",
           R"(:1: expected real or integer for an array, found "pattern")");
    expect("%%MatrixMarket matrix coordinate pattern skew-symmetric\n",
           R"(:1: expected real or integer for a skew-symmetric matrix, found "pattern")");
    expect(general, ":2: expected numbers of rows, columns and entries, found the end of the file");
    expect(general + "2 2\n", R"(:2: expected numbers of rows, columns and entries, found "2 2")");
    expect(general + "2 -2 1\n", R"(:2: expected a whole number, found "-2")");
    expect(general + "99999999999999999999 1 1\n", R"(:2: expected a whole number, found "99999999999999999999")");
    expect(general + "1000000000000 1000000000000 1\n",
           R"(:2: expected at most 16777216 numbers, zeros included, found "1000000000000 1000000000000 1")");
    expect(general + "4096 4097 1\n", R"(:2: expected at most 16777216 numbers, zeros included, found "4096 4097 1")");
    expect(general + "2 2 5\n", R"(:2: expected at most an entry a place, found "5")");
    expect(symmetric + "2 3 1\n", R"(:2: expected as many rows as columns, as the matrix is symmetric, found "2 3 1")");
    expect(general + "2 2 2\n1 1 1\n",
           ":4: expected row, column and number for entry 2 of 2, found the end of the file");
    expect(general + "2 2 1\n1 1\n", R"(:3: expected row, column and number for entry 1 of 1, found "1 1")");
    expect(general + "2 2 1\n0 1 1\n", R"(:3: expected an index from 1 to 2, found "0")");
    expect(general + "2 2 1\n1 3 1\n", R"(:3: expected an index from 1 to 2, found "3")");
    expect(general + "2 2 1\n1 1 x\n", R"(:3: expected a number of binary64, found "x")");
    expect(general + "2 2 1\n1 1 1e999\n", R"(:3: expected a number of binary64, found "1e999")");
    expect(general + "2 2 2\n1 1 1\n1 1 2\n", R"(:4: expected each entry once, found "1 1 2")");
    expect(general + "2 2 1\n1 1 1\n2 2 1\n", R"(:4: expected the end of the file, found "2 2 1")");
    expect(symmetric + "2 2 1\n1 2 1\n", R"(:3: expected an entry of the lower triangle, found "1 2 1")");
    expect("%%MatrixMarket matrix coordinate real skew-symmetric\n2 2 1\n1 1 1\n",
           R"(:3: expected an entry of the lower triangle, found "1 1 1")");
    expect("%%MatrixMarket matrix coordinate integer general\n1 1 1\n1 1 1.5\n",
           R"(:3: expected an integer of 64 bits, found "1.5")");
    expect("%%MatrixMarket matrix array real general\n2 1\n1\n",
           ":4: expected the number of row 2, column 1, found the end of the file");
}

/// Condition numbers of these files by mpmath 1.3, in 50 digits: from eigenvalues of A or, where it is not symmetric, of A^T A. That
/// of bcsstk01 is also what github.com/stillwater-sc/universal quotes, 8.8234e5.
TEST_F(MatrixMarket, ReadsRealMatrices) {
    struct Row {
        std::string name;
        std::size_t rows, entries;
        double kappa_2;
    };
    for (const Row& row : {Row{"bcsstk01", 48, 400, 882336.262703}, Row{"west0067", 67, 294, 130.217366746},
                           Row{"nos4", 100, 594, 1578.46139195}}) {
        const Tensor tensor = read_tensor(HALFULP_SOURCE "/tests/data/matrix_market/" + row.name + ".mtx");
        EXPECT_EQ(tensor.shape, (std::vector{row.rows, row.rows}));
        conditioning::Matrix a(row.rows, row.rows);
        a.numbers = doubles(tensor);
        EXPECT_EQ(a.numbers.size() - static_cast<std::size_t>(std::ranges::count(a.numbers, 0.0)), row.entries);
        EXPECT_NEAR(conditioning::kappa_2(a) / row.kappa_2, 1, 1e-9) << row.name;
    }
}

}  // namespace
}  // namespace halfulp
