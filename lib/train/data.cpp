#include <halfulp/lib/train/data.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <numeric>
#include <optional>
#include <utility>

#include <halfulp/lib/io/text_file.hpp>
#include <halfulp/softfloat/random.hpp>

namespace halfulp::train {
namespace {

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";  // which spreadsheets begin UTF-8 with

std::vector<std::string_view> fields_of(std::string_view line) {
    std::vector<std::string_view> fields;
    for (std::size_t start = 0;;) {
        const std::size_t end = std::min(line.find(',', start), line.size());
        std::string_view field = line.substr(start, end - start);
        while (field.starts_with(' ')) field.remove_prefix(1);
        while (field.ends_with(' ')) field.remove_suffix(1);
        fields.push_back(field);
        if (end == line.size()) return fields;
        start = end + 1;
    }
}

/// NaN for what is out of range, and infinities, are numbers as well; none for what is no number.
std::optional<float> number_of(std::string_view field) {
    if (field.starts_with('+') && !field.starts_with("+-")) field.remove_prefix(1);
    float x = 0;
    const auto [end, error] = std::from_chars(field.data(), field.data() + field.size(), x);
    if (error == std::errc::invalid_argument || end != field.data() + field.size()) return std::nullopt;
    return error == std::errc() ? x : std::numeric_limits<float>::quiet_NaN();
}

/// A file on its way to examples.
class CsvReader {
  public:
    CsvReader(const TextFile& file, const CsvOptions& options) : file_(file), options_(options) {}

    Examples read() {
        for (std::size_t i = 0; i < file_.lines().size(); ++i) {
            std::string_view line = file_.lines()[i];
            if (i == 0 && line.starts_with(byte_order_mark)) line.remove_prefix(byte_order_mark.size());
            if (!line.empty()) add(i, fields_of(line));
        }
        return std::move(examples_);
    }

  private:
    void add(std::size_t line, const std::vector<std::string_view>& fields) {
        if (columns_ == 0) {
            columns_ = fields.size();
            if (columns_ < 2)
                throw file_.error(line, "expected numbers separated by commas, the last a label, found one field");
            if (std::ranges::none_of(fields, [](auto field) { return number_of(field).has_value(); }))
                return;  // a head
        }
        if (fields.size() != columns_)
            throw file_.error(
                line, fmt::format("expected {} fields as in the lines before, found {}", columns_, fields.size()));
        for (std::size_t j = 0; j + 1 < columns_; ++j) examples_.x.push_back(finite(line, fields[j], j));
        const float target = finite(line, fields.back(), columns_ - 1);
        if (options_.loss == Loss::CrossEntropy) check_label(line, target, fields.back());
        examples_.targets.push_back(target);
        examples_.columns = columns_ - 1;
    }

    float finite(std::size_t line, std::string_view field, std::size_t column) const {
        const auto x = number_of(field);
        if (!x || !std::isfinite(*x))
            throw file_.error(
                line, fmt::format("field {}: expected a finite number of fp32, found {}", column + 1, shown(field)));
        return *x;
    }

    void check_label(std::size_t line, float label, std::string_view field) const {
        const std::size_t classes = options_.classes == 0 ? most_classes : options_.classes;
        if (!(label >= 0 && label < static_cast<float>(classes) && label == std::floor(label)))
            throw file_.error(line, fmt::format("expected a label that is a whole number from 0 to {}, found {}",
                                                classes - 1, shown(field)));
    }

    const TextFile& file_;
    CsvOptions options_;
    std::size_t columns_ = 0;
    Examples examples_{};
};

/// What makes numbers have mean 0 and deviation 1.
struct Standard {
    double mean, deviation;
    float of(float x) const { return static_cast<float>((static_cast<double>(x) - mean) / deviation); }
};

/// Of every `columns`-th number from `first` on.
Standard standard_of(const Numbers& x, std::size_t first, std::size_t columns) {
    double sum = 0, squares = 0;
    const std::size_t rows = x.size() / columns;
    const auto count = static_cast<double>(rows);
    for (std::size_t i = first; i < x.size(); i += columns) sum += static_cast<double>(x[i]);
    const double mean = sum / count;
    for (std::size_t i = first; i < x.size(); i += columns)
        squares += (static_cast<double>(x[i]) - mean) * (static_cast<double>(x[i]) - mean);
    return {mean, squares > 0 ? std::sqrt(squares / count) : 1};
}

void standardise(Numbers& training, Numbers& test, std::size_t columns) {
    for (std::size_t j = 0; j < columns; ++j) {
        const Standard by = standard_of(training, j, columns);
        for (Numbers* x : {&training, &test})
            for (std::size_t i = j; i < x->size(); i += columns) {
                const float number = std::exchange((*x)[i], by.of((*x)[i]));
                if (!std::isfinite((*x)[i]))
                    throw InputError(fmt::format(
                        "column {}: expected rows of the test that are finite in fp32, divided by the deviation of the rows "
                        "of training, found {:g} where that is {:g}",
                        j + 1, number, by.deviation));
            }
    }
}

}  // namespace

Examples read_csv(const std::filesystem::path& path, const CsvOptions& options) {
    const TextFile file(path);
    Examples examples = CsvReader(file, options).read();
    if (examples.rows() < 5)
        throw InputError(fmt::format("{}: expected at least 5 rows, found {}", path.string(), examples.rows()));
    if (options.loss == Loss::CrossEntropy && outputs_of(examples, options) < 2)
        throw InputError(path.string() + ": expected labels of at least two classes, found 0 alone");
    return examples;
}

std::size_t outputs_of(const Examples& examples, const CsvOptions& options) {
    if (options.loss == Loss::MeanSquares) return 1;
    return options.classes != 0 ? options.classes
                                : static_cast<std::size_t>(*std::ranges::max_element(examples.targets)) + 1;
}

Split split(const Examples& examples, Loss loss) {
    std::vector<std::size_t> training, test;
    for (std::size_t i = 0; i < examples.rows(); ++i) (i % 5 == 4 ? test : training).push_back(i);
    Split s{rows_of(examples, training), rows_of(examples, test)};
    standardise(s.training.x, s.test.x, examples.columns);
    if (loss == Loss::MeanSquares) standardise(s.training.targets, s.test.targets, 1);
    return s;
}

std::vector<std::size_t> order_of_epoch(std::size_t count, std::uint64_t seed, std::uint64_t epoch) {
    std::vector<std::size_t> order(count);
    std::iota(order.begin(), order.end(), std::size_t{0});
    for (std::size_t i = 0; i + 1 < count; ++i) {
        const std::uint64_t bits = random_bits(seed, epoch * count + i) >> 32;
        std::swap(order[i], order[i + static_cast<std::size_t>(bits * (count - i) >> 32)]);
    }
    return order;
}

Examples rows_of(const Examples& examples, std::span<const std::size_t> rows) {
    Examples some{examples.columns, {}, {}};
    for (const std::size_t row : rows) {
        const auto first = examples.x.begin() + static_cast<std::ptrdiff_t>(row * examples.columns);
        some.x.insert(some.x.end(), first, first + static_cast<std::ptrdiff_t>(examples.columns));
        some.targets.push_back(examples.targets[row]);
    }
    return some;
}

}  // namespace halfulp::train
