#pragma once

#include <string>
#include <vector>

#include <halfulp/lib/exercise/report.hpp>
#include <halfulp/lib/report/plot.hpp>
#include <halfulp/lib/workload/bench.hpp>

/// What a report shows.
struct ReportContent {
    halfulp::workload::Bench ordinary, halving, baselines;
    std::vector<halfulp::ExerciseReport> exercises;
    std::string absent_gpu;  ///< a line, or nothing
};

/// A picture drawn for the page: as SVG, for wide screens and for narrow ones.
struct Drawn {
    halfulp::Picture picture;
    std::string wide, narrow;
};

/// Those of a report, in the order of the page: a frontier for each problem that has measurements, then the others.
struct ReportPictures {
    std::vector<Drawn> frontiers, rooflines, halvings;
};

/// The whole page.
std::string report_page(const ReportContent& content, const ReportPictures& pictures);
