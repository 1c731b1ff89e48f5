#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <string>
#include <thread>
#include <variant>

#include <halfulp/lib/diagnose/explain.hpp>
#include <halfulp/lib/io/tensor.hpp>
#include <halfulp/softfloat/formats.hpp>

#include "command.hpp"
#include "names.hpp"
#include "progress.hpp"

namespace {

using namespace halfulp;

/// Where a matrix lies.
struct MatrixOptions {
    std::string place;  ///< FILE, or FILE.safetensors#TENSOR
    std::string format;
    bool transposed = false;
};

struct Options {
    MatrixOptions a, b, c, d;
    std::string unit;
    double alpha = 1, beta = 1;
    unsigned threads = std::max(1U, std::thread::hardware_concurrency());
    bool json = false;
};

Matrix read_matrix(const char* name, const MatrixOptions& options) {
    const std::size_t mark = options.place.find(".safetensors#");
    const std::size_t end = mark == std::string::npos ? mark : options.place.find('#', mark);
    TensorRequest request{.name = end == std::string::npos ? "" : options.place.substr(end + 1)};
    if (!options.format.empty()) request.format = named(formats, "format", options.format).format;
    Tensor tensor = read_tensor(options.place.substr(0, end), request);
    const auto* format = std::get_if<Format>(&tensor.type);
    if (format == nullptr)
        throw InputError(fmt::format("{}: expected a format for codes of {}: --{}-format", options.place,
                                     name_of(tensor.type), name));
    if (tensor.shape.size() != 2)
        throw InputError(fmt::format("{}: expected a matrix, found {} dimensions", options.place, tensor.shape.size()));
    Matrix matrix{*format, tensor.shape[0], tensor.shape[1], std::move(tensor.codes)};
    return options.transposed ? transposed(matrix) : matrix;
}

int run_explain(const Options& options) {
    Gemm gemm{read_matrix("a", options.a), read_matrix("b", options.b)};
    if (!options.c.place.empty()) gemm.c = read_matrix("c", options.c);
    const Matrix d = read_matrix("d", options.d);
    ExplainOptions how{.alpha = options.alpha, .beta = options.beta, .threads = options.threads};
    if (!options.unit.empty())
        how.asked = asked_by_name(options.unit, question_of(gemm, d, options.alpha, options.beta));
    Progress progress("explain", "hypotheses");
    how.show = [&](std::uint64_t done, std::uint64_t wanted) { progress.show(done, wanted, 0); };
    const Explanation explanation = explain(gemm, d, how);
    progress.end();
    fmt::print("{}", options.json ? explanation_json(explanation) + "\n" : explanation_text(explanation));
    return explanation.holds() ? exit_status::right : exit_status::mismatch;
}

CLI::Option* add_matrix(CLI::App& command, const std::string& name, const std::string& what, MatrixOptions& options) {
    command.add_option("--" + name + "-format", options.format, "Of " + what + ", where the file has integers");
    return command.add_option("--" + name, options.place, what + ": a file .npy, .safetensors or .safetensors#TENSOR");
}

}  // namespace

void add_explain(CLI::App& program, int& status) {
    CLI::App* command = program.add_subcommand(
        "explain", "Which matrix unit or order of summation made D = alpha A B + beta C, or where and why none did");
    const auto options = std::make_shared<Options>();
    add_matrix(*command, "a", "A, m x k", options->a)->required();
    add_matrix(*command, "b", "B, k x n", options->b)->required();
    add_matrix(*command, "c", "C, m x n", options->c);
    add_matrix(*command, "d", "D, m x n, the result to explain", options->d)->required();
    command->add_flag("--transpose-a", options->a.transposed, "A's file holds k x m");
    command->add_flag("--transpose-b", options->b.transposed, "B's file holds n x k");
    command->add_option("--unit", options->unit, "What D should be by: A100, A100:fp16-fp32, fp32-fma, ...");
    command->add_option("--alpha", options->alpha, "Factor of A B")->capture_default_str();
    command->add_option("--beta", options->beta, "Factor of C")->capture_default_str();
    command->add_option("--threads", options->threads, "How many")->capture_default_str()->check(CLI::Range(1U, 1024U));
    command->add_flag("--json", options->json, "As JSON");
    command->footer(
        "Exit status 0: D is by --unit or, without it, by something that is known; 1: it is not.\n"
        "Example: halfulp explain --a a.npy --b b.npy --d d.npy --unit A100");
    command->callback([options, &status] { status = run_explain(*options); });
}
