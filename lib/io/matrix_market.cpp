#include <halfulp/lib/io/matrix_market.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <utility>

#include <halfulp/lib/io/text_file.hpp>
#include <halfulp/softfloat/formats.hpp>
#include <halfulp/softfloat/name.hpp>
#include <halfulp/softfloat/parse.hpp>

namespace halfulp {
namespace {

enum class Layout : std::uint8_t { Coordinate, Array };
enum class Field : std::uint8_t { Real, Integer, Pattern };
enum class Symmetry : std::uint8_t { General, Symmetric, Skew };

constexpr std::array layouts = {Named<Layout>{"coordinate", Layout::Coordinate, {}},
                                Named<Layout>{"array", Layout::Array, {}}};
constexpr std::array fields = {Named<Field>{"real", Field::Real, {"double"}},
                               Named<Field>{"integer", Field::Integer, {}},
                               Named<Field>{"pattern", Field::Pattern, {}}};
constexpr std::array symmetries = {Named<Symmetry>{"general", Symmetry::General, {}},
                                   Named<Symmetry>{"symmetric", Symmetry::Symmetric, {}},
                                   Named<Symmetry>{"skew-symmetric", Symmetry::Skew, {}}};

std::string lower_case(std::string_view word) {
    std::string lower(word);
    for (char& c : lower)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return lower;
}

std::optional<std::uint64_t> whole_number(std::string_view word) {
    std::uint64_t number = 0;
    const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), number);
    if (error != std::errc() || end != word.data() + word.size()) return std::nullopt;
    return number;
}

class Reader {
  public:
    explicit Reader(const std::filesystem::path& path) : file_(path) {}

    Tensor read() {
        read_banner();
        read_sizes();
        const ElementType type = field_ == Field::Real ? ElementType(binary64) : ElementType(IntegerType{64, true});
        matrix_ = {{rows_, columns_}, type, std::vector<std::uint64_t>(rows_ * columns_)};
        if (layout_ == Layout::Coordinate)
            read_entries();
        else
            read_columns();
        if (next_line()) throw error("the end of the file", file_.lines()[line_]);
        return std::move(matrix_);
    }

  private:
    InputError error(std::string_view expected, std::string_view found) const {
        return file_.error(line_, fmt::format("expected {}, found {}", expected, shown(found)));
    }

    /// Moves on to a line that is neither blank nor a comment; false at the end.
    bool next_line() {
        for (++line_; line_ < file_.lines().size(); ++line_) {
            words_ = split_words(file_.lines()[line_]);
            if (!words_.empty() && words_[0][0] != '%') return true;
        }
        return false;
    }
    void expect_line(std::string_view expected, std::size_t words) {
        if (!next_line()) throw file_.error(line_, fmt::format("expected {}, found the end of the file", expected));
        if (words_.size() != words) throw error(expected, file_.lines()[line_]);
    }

    template <class Row, std::size_t N>
    auto named(const std::array<Row, N>& table, std::string_view word) const {
        const auto row = find_by_name(table, lower_case(word));
        if (!row) throw error("one of " + known_names(table), word);
        return row->value;
    }

    void read_banner() {
        constexpr std::string_view form = "%%MatrixMarket matrix LAYOUT FIELD SYMMETRY";
        if (file_.lines().empty()) throw file_.error(0, fmt::format("expected {}, found an empty file", form));
        words_ = split_words(file_.lines()[0]);
        if (words_.size() != 5 || words_[0] != "%%MatrixMarket" || lower_case(words_[1]) != "matrix")
            throw error(form, file_.lines()[0]);
        layout_ = named(layouts, words_[2]);
        field_ = named(fields, words_[3]);
        symmetry_ = named(symmetries, words_[4]);
        if (layout_ == Layout::Array && field_ == Field::Pattern)
            throw error("real or integer for an array", words_[3]);
        if (symmetry_ == Symmetry::Skew && field_ == Field::Pattern)
            throw error("real or integer for a skew-symmetric matrix", words_[3]);
    }

    void read_sizes() {
        const bool coordinate = layout_ == Layout::Coordinate;
        expect_line(coordinate ? "numbers of rows, columns and entries" : "numbers of rows and columns",
                    coordinate ? 3 : 2);
        rows_ = size(words_[0]);
        columns_ = size(words_[1]);
        if (rows_ != 0 && columns_ > most_matrix_market_numbers / rows_)
            throw error(fmt::format("at most {} numbers, zeros included", most_matrix_market_numbers),
                        file_.lines()[line_]);
        if (symmetry_ != Symmetry::General && rows_ != columns_)
            throw error("as many rows as columns, as the matrix is symmetric", file_.lines()[line_]);
        if (!coordinate) return;
        entries_ = size(words_[2]);
        if (entries_ > rows_ * columns_) throw error("at most an entry a place", words_[2]);
    }
    std::size_t size(std::string_view word) const {
        const auto number = whole_number(word);
        if (!number) throw error("a whole number", word);
        return *number;
    }

    std::size_t index(std::string_view word, std::size_t count) const {
        const auto number = whole_number(word);
        if (!number || *number < 1 || *number > count) throw error(fmt::format("an index from 1 to {}", count), word);
        return *number - 1;
    }

    std::uint64_t code(std::string_view word) const {
        if (field_ == Field::Real) {
            const auto number = parse(binary64, word);
            if (!number.value || number.value->status.overflow) throw error("a number of binary64", word);
            return number.value->code;
        }
        std::int64_t number = 0;
        const auto [end, failed] = std::from_chars(word.data(), word.data() + word.size(), number);
        if (failed != std::errc() || end != word.data() + word.size()) throw error("an integer of 64 bits", word);
        return static_cast<std::uint64_t>(number);
    }
    std::uint64_t opposite(std::uint64_t code) const {
        return field_ == Field::Real ? code ^ binary64.sign_bit() : ~code + 1;
    }

    /// And its mirror image, if the matrix has one.
    void set(std::size_t i, std::size_t j, std::uint64_t code) {
        matrix_.codes[i * columns_ + j] = code;
        if (symmetry_ == Symmetry::General || i == j) return;
        matrix_.codes[j * columns_ + i] = symmetry_ == Symmetry::Skew ? opposite(code) : code;
    }

    /// The first row of a column that the file has.
    std::size_t first_row(std::size_t column) const {
        switch (symmetry_) {
            case Symmetry::General: return 0;
            case Symmetry::Symmetric: return column;
            case Symmetry::Skew: return column + 1;
        }
        __builtin_unreachable();
    }

    void read_entries() {
        std::vector<bool> seen(rows_ * columns_);
        for (std::size_t entry = 0; entry < entries_; ++entry) {
            const bool pattern = field_ == Field::Pattern;
            expect_line(fmt::format("{} for entry {} of {}", pattern ? "row and column" : "row, column and number",
                                    entry + 1, entries_),
                        pattern ? 2 : 3);
            const std::size_t i = index(words_[0], rows_), j = index(words_[1], columns_);
            if (i < first_row(j)) throw error("an entry of the lower triangle", file_.lines()[line_]);
            if (seen[i * columns_ + j]) throw error("each entry once", file_.lines()[line_]);
            seen[i * columns_ + j] = true;
            set(i, j, pattern ? 1 : code(words_[2]));
        }
    }

    void read_columns() {
        for (std::size_t j = 0; j < columns_; ++j)
            for (std::size_t i = first_row(j); i < rows_; ++i) {
                expect_line(fmt::format("the number of row {}, column {}", i + 1, j + 1), 1);
                set(i, j, code(words_[0]));
            }
    }

    TextFile file_;
    std::size_t line_ = 0;
    std::vector<std::string_view> words_ = {};
    Layout layout_ = {};
    Field field_ = {};
    Symmetry symmetry_ = {};
    std::size_t rows_ = 0, columns_ = 0, entries_ = 0;
    Tensor matrix_ = {{}, binary64, {}};
};

}  // namespace

Tensor read_matrix_market(const std::filesystem::path& path) { return Reader(path).read(); }

}  // namespace halfulp
