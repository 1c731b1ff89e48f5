#include <halfulp/lib/workload/picture/halving.hpp>

#include <fmt/format.h>

#include <algorithm>

#include <halfulp/lib/workload/picture/look.h>

namespace halfulp::workload {
namespace {

/// One format, measured and, dotted, predicted.
void add_format(Plot& plot, const Look& look, const std::vector<const Halved*>& rows) {
    Series measured{std::string(look.policy), look.colour, look.mark, Stroke::Solid, {}};
    Series predicted{fmt::format("{}, predicted", look.policy), look.colour, Mark::None, Stroke::Dotted, {}};
    for (const Halved* h : rows) {
        if (h->policy != look.policy) continue;
        const auto bytes = static_cast<double>(h->bytes);
        measured.points.push_back({bytes, h->measured, ""});
        predicted.points.push_back({bytes, h->predicted, ""});
    }
    if (measured.points.empty()) return;
    plot.series.push_back(predicted);
    plot.series.push_back(measured);
}

/// Where nothing is gained, with the level of each size.
Series even_line(const std::vector<const Halved*>& rows) {
    Series line{"", Colour::Black, Mark::None, Stroke::Dashed, {}};
    for (const Halved* h : rows)
        if (line.points.empty() || line.points.back().x != static_cast<double>(h->bytes))
            line.points.push_back({static_cast<double>(h->bytes), 1, h->level});
    return line;
}

Picture picture_of(std::string_view workload, std::vector<const Halved*> rows) {
    std::stable_sort(rows.begin(), rows.end(), [](auto* a, auto* b) { return a->bytes < b->bytes; });
    std::vector<double> sizes, gains{1};
    for (const Halved* h : rows) {
        sizes.push_back(static_cast<double>(h->bytes));
        gains.insert(gains.end(), {h->measured, h->predicted});
    }
    Plot plot{fmt::format("{}: fewer bytes a number, against fp32", workload),
              axis_over("bytes of fp32", sizes),
              axis_over("numbers a second, times fp32's", gains, 2),
              {even_line(rows)},
              ""};
    for (const Look& look : looks) add_format(plot, look, rows);
    return {
        fmt::format("halving-{}", workload), plot,
        "Above 1 the format of fewer bytes is quicker. Dotted: the least times that this machine's ceilings allow, fp32's "
        "over the format's, of reading from the level that holds the bytes, of converting each number, and of "
        "arithmetic. The levels are those that hold fp32's numbers."};
}

}  // namespace

std::vector<Picture> halving_pictures(const std::vector<Halved>& rows) {
    std::vector<Picture> pictures;
    for (const Workload& w : workloads) {
        std::vector<const Halved*> of_workload;
        for (const Halved& h : rows)
            if (h.workload == w.name) of_workload.push_back(&h);
        if (!of_workload.empty()) pictures.push_back(picture_of(w.name, of_workload));
    }
    return pictures;
}

}  // namespace halfulp::workload
