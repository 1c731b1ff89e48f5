#include "report_page.hpp"

#include <fmt/format.h>

#include <halfulp/lib/matrix_unit/unit_table.hpp>
#include <halfulp/lib/measure/machine.hpp>
#include <halfulp/lib/report/html.hpp>
#include <halfulp/lib/workload/baseline.hpp>
#include <halfulp/lib/workload/bench_text.hpp>
#include <halfulp/lib/workload/halving.hpp>

namespace {

using namespace halfulp;

std::string to_figures(const std::vector<Drawn>& drawn) {
    std::string html;
    for (const Drawn& d : drawn) {
        const std::string& name = d.picture.name;
        html += figure(inline_svg(d.wide, name, d.picture.plot.title),
                       inline_svg(d.narrow, name + "-narrow", d.picture.plot.title), d.picture.caption);
    }
    return html;
}

std::string machine_part(const workload::Bench& bench) {
    std::string html =
        paragraph(measure::caption(bench.machine) + ".") +
        paragraph("What one core reached doing nothing else, the best of many runs: no kernel exceeds it.") +
        to_html(ceiling_table(bench));
    for (const std::string& absent : bench.absent) html += paragraph("Not installed: " + absent + ".");
    return html;
}

std::string baselines_part(const workload::Bench& bench) {
    std::string html = paragraph(
        "What is commonly expected, held against measurements of this run by rules that were fixed before. u is half "
        "the distance from 1 to the next number of a format; the norm is Euclidean.");
    for (const workload::Judged& j : workload::judged(bench)) {
        html += heading(fmt::format("{}: {}", name_of(j.finding), j.baseline->claim));
        for (std::size_t i = 0; i < j.checks.size(); ++i)
            html += paragraph(j.baseline->parts[i].rule) + to_html(check_table(j.checks[i]));
    }
    return html;
}

/// First what is asked first: on a telephone the rest is to the right.
std::string results(const workload::Benched& problem) {
    const Table all = measurement_table(problem);
    return to_html(columns(all, {"by", "time", "error to truth", "wrong", "Gop/s", "GB/s", "bytes", "of its roof",
                                 "error to fp32", "ulps", "SQNR dB", "digits"})) +
           details("Hashes of all results' bits", to_html(columns(all, {"by", "hash"})));
}

std::string frontier_part(const ReportContent& content, const ReportPictures& pictures) {
    std::string html = paragraph(
        "To the left is quicker, below is closer to the truth, and at 0, apart from all numbers, exact; the areas are "
        "the bytes of operands and results. The line joins the Pareto set: who is not on it is beaten by somebody in "
        "time and error. Grey: at least one result is wrong. The error is that of the checked results, in the "
        "Euclidean norm.");
    auto picture = pictures.frontiers.begin();
    for (const workload::Benched& p : content.ordinary.problems)
        if (!p.measurements.empty())
            html += heading(fmt::format("{}, {} data, m n k {} {} {}", p.workload, p.data, p.m, p.n, p.k)) +
                    to_figures({*picture++}) + results(p);
    return html;
}

std::string halving_part(const ReportContent& content, const ReportPictures& pictures) {
    return paragraph(
               "How many times fp32's numbers a second a format of fewer bytes gives, by where fp32's numbers lie. By "
               "bytes: were reading all. Predicted: from the ceilings above. Measured: in the same run.") +
           to_html(halving_table(halved(content.halving))) + to_figures(pictures.halvings);
}

std::string exercises_part(const ReportContent& content) {
    std::string html;
    for (const ExerciseReport& report : content.exercises) {
        html += heading(fmt::format("Exercise {}: {}", report.exercise.number, report.exercise.title)) +
                to_html(to_table(report));
        if (!report.exercise.conclusion.empty()) html += paragraph(report.exercise.conclusion);
    }
    return html + paragraph(content.absent_gpu);
}

std::string units_part() {
    return paragraph(
               "How each unit computes c + a.b, and how well that is known: grades for block, fraction bits, floor and "
               "rounding. A: recorded results of hardware refute every change that is tried; B: published as checked on "
               "hardware or stated by the manual; C: inferred; D: disputed or undecided.") +
           to_html(unit_table());
}

}  // namespace

std::string report_page(const ReportContent& content, const ReportPictures& pictures) {
    const std::vector<Section> sections = {{"machine", "Machine and ceilings", machine_part(content.ordinary)},
                                           {"baselines", "Baselines", baselines_part(content.baselines)},
                                           {"frontier", "Time against error", frontier_part(content, pictures)},
                                           {"roofline", "Roofline", to_figures(pictures.rooflines)},
                                           {"halving", "Does halving the bytes pay", halving_part(content, pictures)},
                                           {"exercises", "Exercises", exercises_part(content)},
                                           {"units", "Matrix units", units_part()}};
    return page("halfulp: low precision on this machine", sections);
}
