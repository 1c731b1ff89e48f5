#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <memory>
#include <string>

#include <halfulp/lib/condition/condition.hpp>
#include <halfulp/lib/condition/matrix_condition.hpp>
#include <halfulp/lib/io/element.hpp>
#include <halfulp/lib/io/tensor.hpp>
#include <halfulp/lib/io/text_file.hpp>
#include <halfulp/lib/solve/scaling.hpp>
#include <halfulp/softfloat/convert.hpp>
#include <halfulp/softfloat/formats.hpp>

#include "command.hpp"
#include "condition_report.hpp"

namespace {

using namespace halfulp;

struct ConditionRequest {
    std::string file, with;
    bool solve = false, problems = false, json = false;
};

constexpr std::size_t most_rows_exact = 1000;   // singular values and an inverse take n^3 operations
constexpr std::size_t most_rows_solved = 2000;  // so do six factorisations

double number_of(const ElementType& type, std::uint64_t code) {
    if (const auto* format = std::get_if<Format>(&type))
        return std::bit_cast<double>(convert(binary64, *format, code).code);
    return std::bit_cast<double>(round_pack(binary64, exact(std::get<IntegerType>(type), code)).code);
}

/// A file's numbers, of one or two dimensions; a vector is a matrix of one column.
struct Input {
    std::string file;
    conditioning::Matrix matrix;
    bool is_vector;

    explicit Input(const std::string& place) : file(place) {
        const Tensor tensor = read_tensor(place);
        const std::size_t axes = tensor.shape.size();
        if (axes != 1 && axes != 2)
            throw InputError(
                fmt::format("{}: expected a vector or a matrix, found shape {}", place, shape_text(tensor.shape)));
        if (tensor.codes.empty())
            throw InputError(fmt::format("{}: expected numbers, found shape {}", place, shape_text(tensor.shape)));
        matrix = conditioning::Matrix(tensor.shape[0], axes == 2 ? tensor.shape[1] : 1);
        is_vector = axes == 1 || matrix.columns == 1 || (matrix.rows == 1 && matrix.columns > 1);
        for (std::size_t i = 0; i < tensor.codes.size(); ++i) {
            matrix.numbers[i] = number_of(tensor.type, tensor.codes[i]);
            if (!std::isfinite(matrix.numbers[i]))
                throw InputError(fmt::format("{}: row {}, column {}: expected a finite number, found {}", place,
                                             i / matrix.columns, i % matrix.columns, matrix.numbers[i]));
        }
    }

    std::string shape() const { return fmt::format("{} x {}", matrix.rows, matrix.columns); }
};

std::vector<conditioning::StorageLoss> storages(std::span<const double> numbers) {
    std::vector<conditioning::StorageLoss> all;
    for (const Format& format : {binary64, binary32, bfloat16, binary16})
        all.push_back(conditioning::loss_in(format, numbers));
    return all;
}

ConditionReport sum_report(const Input& x) {
    const double kappa = conditioning::of_sum(x.matrix.numbers);
    return {.what = fmt::format("{}: the sum of {} numbers", x.file, x.matrix.numbers.size()),
            .kappas = {{"kappa", kappa, "sum |x| / |sum x|, exact sums"}},
            .kappa = kappa,
            .storages = storages(x.matrix.numbers),
            .scaled = {}};
}

/// Both operands, which are stored alike.
std::vector<double> all_numbers(const conditioning::Matrix& a, const conditioning::Matrix& b) {
    std::vector<double> numbers = a.numbers;
    numbers.insert(numbers.end(), b.numbers.begin(), b.numbers.end());
    return numbers;
}

ConditionReport dot_report(const Input& x, const Input& y) {
    const double kappa = conditioning::of_dot(x.matrix.numbers, y.matrix.numbers);
    return {
        .what = fmt::format("{} with {}: the dot product of {} numbers each", x.file, y.file, x.matrix.numbers.size()),
        .kappas = {{"kappa", kappa, "2 sum |x y| / |sum x y|, exact sums"}},
        .kappa = kappa,
        .storages = storages(all_numbers(x.matrix, y.matrix)),
        .scaled = {}};
}

ConditionReport product_report(const Input& a, const Input& b) {
    std::vector<double> kappas = of_product(a.matrix, b.matrix).numbers;
    std::ranges::sort(kappas);
    const std::string how = "2 |A| |B| / |A B| of an element, exact sums";
    return {.what = fmt::format("{} with {}: the product of {} and {}", a.file, b.file, a.shape(), b.shape()),
            .kappas = {{"kappa, median", kappas[kappas.size() / 2], how}, {"kappa, largest", kappas.back(), how}},
            .kappa = kappas.back(),
            .storages = storages(all_numbers(a.matrix, b.matrix)),
            .scaled = {}};
}

std::string fp64_remark(double kappa) {
    if (!std::isfinite(kappa))
        return "; a pivot of 0, or a result beyond the range of fp64: singular as far as fp64 can tell";
    return kappa >= 0x1p53 ? "; beyond 2^53, where fp64 cannot tell it from a singular matrix" : "";
}

ConditionReport system_report(const Input& input, bool solve) {
    const conditioning::Matrix& a = input.matrix;
    const conditioning::Kappa1Estimate estimate = estimated_kappa_1(a);
    ConditionReport report{.what = fmt::format("{}: systems with the matrix of {}", input.file, input.shape()),
                           .kappas = {},
                           .kappa = estimate.value,
                           .storages = storages(a.numbers),
                           .scaled = {}};
    if (a.rows <= most_rows_exact) {
        report.kappa = kappa_1(a);
        const std::string remark = fp64_remark(report.kappa);
        report.kappas = {{"kappa_2", kappa_2(a), "by singular values" + remark},
                         {"kappa_1", report.kappa, "by the inverse" + remark}};
    }
    report.kappas.push_back({"kappa_1, estimated", estimate.value, fmt::format("by {} solves", estimate.solves)});
    const conditioning::Matrix scaled = solve::scaled(a, solve::scaling_for(a, binary16));
    report.scaled = conditioning::loss_in(binary16, scaled.numbers);
    report.kappa_scaled = estimated_kappa_1(scaled).value;
    if (solve) report.trials = solve::trials(std::vector<solve::Subject>{{"A", a, report.kappa}});
    return report;
}

ConditionReport report_of(const ConditionRequest& options) {
    const Input a(options.file);
    if (options.with.empty()) {
        if (a.is_vector && a.matrix.numbers.size() > 1) {
            if (options.solve) throw InputError("--solve: expected a square matrix, found a sum");
            return sum_report(a);
        }
        if (a.matrix.rows != a.matrix.columns)
            throw InputError(fmt::format("{}: expected a square matrix, found {}; the product with another is --with",
                                         options.file, a.shape()));
        if (options.solve && a.matrix.rows > most_rows_solved)
            throw InputError(fmt::format("{}: --solve: expected at most {} rows, found {}", options.file,
                                         most_rows_solved, a.matrix.rows));
        return system_report(a, options.solve);
    }
    const Input b(options.with);
    if (a.is_vector && b.is_vector && a.matrix.numbers.size() == b.matrix.numbers.size()) return dot_report(a, b);
    if (a.matrix.columns != b.matrix.rows)
        throw InputError(fmt::format("{}: expected {} rows, as {} has columns, found {}", options.with,
                                     a.matrix.columns, options.file, b.shape()));
    return product_report(a, b);
}

void print_problems(const ConditionRequest& options) {
    const Table table = options.solve ? refinement_table(solve::trials(solve::randsvd_subjects(100))) : problem_table();
    fmt::print("{}", options.json ? to_json(table) + "\n" : to_columns(table));
}

void run(const ConditionRequest& options) {
    if (options.problems != options.file.empty())
        throw InputError("expected a file or --problems, found " + std::string(options.problems ? "both" : "neither"));
    if (options.problems && !options.with.empty()) throw InputError("--problems: expected no --with");
    if (options.solve && !options.with.empty()) throw InputError("--solve: expected a matrix alone, found --with");
    if (options.problems) return print_problems(options);
    const ConditionReport report = report_of(options);
    fmt::print("{}", options.json ? condition_json(report) : condition_text(report));
}

}  // namespace

void add_condition(CLI::App& program, int&) {
    CLI::App* command = program.add_subcommand(
        "condition", "Condition of a sum, a product or a linear system, and what each format can give of its result");
    const auto o = std::make_shared<ConditionRequest>();
    command->add_option(
        "file", o->file,
        "Numbers, .npy, .safetensors or .mtx: a vector is summed up, a square matrix is that of a linear system");
    command->add_option("--with", o->with, "The other factor: a vector for a dot product, a matrix for a product");
    command->add_flag("--solve", o->solve,
                      "Also solves with factors in fp16, bf16 and fp32, refined: predicted and observed");
    command->add_flag("--problems", o->problems,
                      "Instead of a file the test problems, by every way to the condition number; with --solve random "
                      "matrices of kappa 10^1 to 10^14");
    command->add_flag("--json", o->json, "As JSON");
    command->footer("Example: halfulp condition bcsstk01.mtx --solve");
    command->callback([o] { run(*o); });
}
