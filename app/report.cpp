#include <fmt/format.h>

#include <filesystem>
#include <memory>
#include <string>
#include <system_error>
#include <vector>

#include <halfulp/lib/io/text_file.hpp>
#include <halfulp/lib/report/gnuplot.hpp>
#include <halfulp/lib/workload/baseline.hpp>
#include <halfulp/lib/workload/bench_text.hpp>
#include <halfulp/lib/workload/picture/frontier.hpp>
#include <halfulp/lib/workload/picture/halving.hpp>
#include <halfulp/lib/workload/picture/roofline.hpp>
#include <halfulp/lib/workload/study.hpp>

#include "command.hpp"
#include "observers.hpp"
#include "progress.hpp"
#include "report_page.hpp"

namespace {

using namespace halfulp;
namespace fs = std::filesystem;

struct ReportRequest {
    std::string folder = "report";
    bool quick = false;
};

/// The folder, made if it is not there, in which the report can be written.
fs::path writable_folder(const std::string& name) {
    const fs::path folder(name);
    std::error_code failed;
    fs::create_directories(folder, failed);
    if (!fs::is_directory(folder)) throw InputError(name + ": expected a folder that can be made");
    expect_writable(folder / "report.html");
    return folder;
}

/// The ceilings with what a plan adds.
workload::Bench measured(const workload::Bench& ceilings, const workload::Plan& plan, const char* what) {
    workload::Bench bench = ceilings;
    Progress progress(what, "problems");
    add_problems(bench, plan, [&](std::size_t done, std::size_t wanted) { progress.show(done, wanted, 0); });
    progress.end();
    return bench;
}

std::vector<ExerciseReport> asked_exercises(bool quick) {
    const Observers observers =
        chosen_observers(quick ? std::vector<std::string>{"soft", "cpu"} : std::vector<std::string>{});
    std::vector<ExerciseReport> reports;
    Progress progress("exercises", "exercises");
    for (const ExerciseEntry& entry : exercises()) {
        progress.show(reports.size(), exercises().size(), 0);
        reports.push_back(run(entry.make(), observers));
    }
    progress.end();
    return reports;
}

ReportContent content_of(bool quick) {
    const workload::Extent extent = quick ? workload::Extent::Small : workload::Extent::Full;
    const workload::Bench ceilings = workload::measure_ceilings(workload::BenchOptions{}.most_bytes);
    return {measured(ceilings, workload::ordinary_plan(extent), "bench"),
            measured(ceilings, workload::halving_plan(ceilings.machine, extent), "halving"),
            measured(ceilings, workload::baseline_plan(ceilings.machine, extent), "baselines"), asked_exercises(quick),
            gpu_line()};
}

/// Draws a picture, and writes its files.
Drawn drawn(const Picture& picture, const fs::path& folder) {
    const auto image = [&](const Canvas& canvas, Image kind) {
        return run_gnuplot(gnuplot_script(picture.plot, canvas, kind));
    };
    Drawn d{picture, image(desktop, Image::Svg), image(telephone, Image::Svg)};
    write_text(folder / (picture.name + ".svg"), d.wide);
    write_text(folder / (picture.name + ".png"), image(desktop, Image::Png));
    write_text(folder / (picture.name + ".tsv"), to_tsv(picture.plot));
    return d;
}

ReportPictures drawn_pictures(const ReportContent& content, const fs::path& folder) {
    ReportPictures pictures;
    for (const workload::Benched& problem : content.ordinary.problems)
        if (!problem.measurements.empty()) pictures.frontiers.push_back(drawn(frontier(problem), folder));
    pictures.rooflines.push_back(drawn(roofline(content.ordinary), folder));
    for (const Picture& picture : halving_pictures(halved(content.halving)))
        pictures.halvings.push_back(drawn(picture, folder));
    return pictures;
}

/// All that was measured, as one bench.
workload::Bench together(const ReportContent& content) {
    workload::Bench all = content.ordinary;
    for (const workload::Bench* more : {&content.halving, &content.baselines})
        all.problems.insert(all.problems.end(), more->problems.begin(), more->problems.end());
    return all;
}

int write_report(const ReportRequest& options) {
    const fs::path folder = writable_folder(options.folder);
    run_gnuplot("");  // is it there? before minutes of work
    const ReportContent content = content_of(options.quick);
    const ReportPictures pictures = drawn_pictures(content, folder);
    write_text(folder / "bench.json", to_json(together(content)));
    write_text(folder / "report.html", report_page(content, pictures));
    fmt::print("{}\n", (folder / "report.html").string());
    bool mismatch = any_result_refuted(workload::judged(content.baselines));
    for (const ExerciseReport& report : content.exercises) mismatch = mismatch || report.count(Verdict::Mismatch) > 0;
    return mismatch ? exit_status::mismatch : exit_status::right;
}

}  // namespace

void add_report(CLI::App& program, int& status) {
    CLI::App* command = program.add_subcommand(
        "report", "A page with what this machine measured and every backend observed: tables, pictures, exercises");
    const auto options = std::make_shared<ReportRequest>();
    command
        ->add_option("--out", options->folder,
                     "The folder for the page, the pictures as SVG, PNG and TSV, and bench.json")
        ->capture_default_str();
    command->add_flag("--quick", options->quick, "Small sizes and two backends: seconds in place of minutes");
    command->footer(
        "Needs gnuplot (Debian: gnuplot-nox). Prints where the page is; exit status 1 if a baseline is refuted by more than times, or\n"
        "an exercise does not match.\nExample: halfulp report --out report");
    command->callback([options, &status] { status = write_report(*options); });
}
