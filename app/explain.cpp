#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <string>
#include <thread>

#include <halfulp/lib/diagnose/explain.hpp>

#include "checks.hpp"
#include "command.hpp"
#include "matrix_options.hpp"
#include "progress.hpp"

namespace {

using namespace halfulp;

struct ExplainRequest {
    MatrixOptions a{.name = "a"}, b{.name = "b"}, c{.name = "c"}, d{.name = "d"};
    std::string unit, scale_format;
    double alpha = 1, beta = 1;
    std::int32_t zero_point = 0;
    unsigned threads = std::max(1U, std::thread::hardware_concurrency());
    bool nans_alike = false, json = false;
};

int run_explain(const ExplainRequest& options) {
    Gemm gemm{read_matrix(options.a), read_matrix(options.b)};
    if (!options.c.place.empty()) gemm.c = read_matrix(options.c);
    gemm.a_scales = read_scales(options.a, options.scale_format);
    gemm.b_scales = read_scales(options.b, options.scale_format);
    const Matrix d = read_matrix(options.d);
    ExplainOptions how{.alpha = options.alpha,
                       .beta = options.beta,
                       .zero_point = options.zero_point,
                       .nans = options.nans_alike ? NanBits::Alike : NanBits::Compared,
                       .threads = options.threads};
    if (!options.unit.empty())
        how.asked = asked_by_name(options.unit, question_of(gemm, d, options.alpha, options.beta, options.zero_point));
    Progress progress("explain", "hypotheses");
    how.show = [&](std::uint64_t done, std::uint64_t wanted) { progress.show(done, wanted, 0); };
    const Explanation explanation = explain(gemm, d, how);
    progress.end();
    fmt::print("{}", options.json ? explanation_json(explanation) + "\n" : explanation_text(explanation));
    return explanation.holds() ? exit_status::right : exit_status::mismatch;
}

}  // namespace

void add_explain(CLI::App& program, int& status) {
    CLI::App* command = program.add_subcommand(
        "explain", "Which matrix unit or order of summation made D = alpha A B + beta C, or where and why none did");
    const auto options = std::make_shared<ExplainRequest>();
    add_matrix(*command, "A, m x k", options->a)->required();
    add_matrix(*command, "B, k x n", options->b)->required();
    add_matrix(*command, "C, m x n", options->c);
    add_matrix(*command, "D, m x n, the result to explain", options->d)->required();
    command->add_flag("--transpose-a", options->a.transposed, "A's file holds k x m, that of its scales blocks x m");
    command->add_flag("--transpose-b", options->b.transposed, "B's file holds n x k, that of its scales n x blocks");
    command->add_option("--a-scales", options->a.scales, "A's scales, m x blocks of K: a file as A's");
    command->add_option("--b-scales", options->b.scales, "B's scales, blocks of K x n");
    command->add_option("--scale-format", options->scale_format,
                        "Of scales, where the files have bytes: ue8m0 or ue4m3");
    command->add_option("--unit", options->unit, "What D should be by: A100, A100:fp16-fp32, fp32-fma, ...");
    command->add_option("--alpha", options->alpha, "Factor of A B")->capture_default_str();
    command->add_option("--beta", options->beta, "Factor of C")->capture_default_str();
    command->add_option("--zero-point", options->zero_point, "Of D, where it has int8 or uint8: requantised")
        ->capture_default_str();
    command->add_option("--threads", options->threads, "How many")->capture_default_str()->transform(whole(1, 1024));
    command->add_flag("--nans-alike", options->nans_alike, "NaNs that differ in their bits are equal");
    command->add_flag("--json", options->json, "As JSON");
    command->footer(
        "Exit status 0: D is by --unit or, without it, by something that is known; 1: it is not.\n"
        "Example: halfulp explain --a a.npy --b b.npy --d d.npy --unit A100");
    command->callback([options, &status] { status = run_explain(*options); });
}
