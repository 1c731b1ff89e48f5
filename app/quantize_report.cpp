#include "quantize_report.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include <halfulp/lib/quantize/picture.hpp>
#include <halfulp/lib/report/gnuplot.hpp>
#include <halfulp/lib/report/html.hpp>

using namespace halfulp;

namespace {

std::string scale_text(const quantize::Candidate& c) {
    return c.quantisers.size() == 1 ? fmt::format("{}", c.quantisers[0].scale)
                                    : fmt::format("{} scales", c.quantisers.size());
}

std::string zero_text(const quantize::Candidate& c) {
    return c.quantisers.size() == 1 ? fmt::format("{}", c.quantisers[0].zero_point) : "-";
}

std::string verdict(const quantize::NoiseRow& row) {
    const quantize::Departure d = departure(row.noise, row.by.scale);
    return d.holds() ? "holds"
                     : fmt::format("fails: mean {:.1f}, variance {:.1f}, correlation {:.1f} deviations off", d.mean,
                                   d.variance, d.correlation);
}

using Json = nlohmann::ordered_json;

Json candidate_json(const Quantised& q, std::size_t i) {
    const quantize::Candidate& c = q.candidates[i];
    Json json = {{"calibration", row_of(c.method).name},
                 {"scale", nullptr},
                 {"zero point", nullptr},
                 {"clipped", nullptr},
                 {"SQNR dB", nullptr},
                 {"bits kept", nullptr},
                 {"KL bits", nullptr},
                 {"chosen", &c == &q.chosen()}};
    if (!c.possible()) {
        json["why"] = c.why;
        return json;
    }
    json["clipped"] = c.clipped;
    json["SQNR dB"] = c.sqnr;
    json["bits kept"] = q.information[i].kept;
    if (c.quantisers.size() != 1) return json;
    json["scale"] = c.quantisers[0].scale;
    json["zero point"] = c.quantisers[0].zero_point;
    json["KL bits"] = q.information[i].divergence;
    return json;
}

Json noise_json(const quantize::NoiseRow& row) {
    Json json = {{"bits", row.bits},
                 {"uniform model dB", nullptr},
                 {"histogram dB", nullptr},
                 {"measured dB", nullptr},
                 {"uniform model", nullptr}};
    if (!row.possible()) {
        json["why"] = row.why;
        return json;
    }
    const quantize::Departure d = departure(row.noise, row.by.scale);
    json["uniform model dB"] = row.model;
    json["histogram dB"] = row.distribution;
    json["measured dB"] = row.measured();
    json["uniform model"] = d.holds();
    json["deviations"] = {{"mean", d.mean}, {"variance", d.variance}, {"correlation", d.correlation}};
    return json;
}

std::string sentence(const Quantised& q) {
    const quantize::Limits limits = quantize::limits_of(q.numbers);
    return fmt::format("{}: {} numbers from {:g} to {:g}, entropy {:.3f} bits; codes from {} to {}.", q.name,
                       q.numbers.size(), limits.least, limits.greatest, q.information[0].numbers, q.scheme.range.least,
                       q.scheme.range.greatest);
}

/// The picture's files join the others.
std::string drawn(const Quantised& q, std::vector<PageFile>& files) {
    const Picture picture = histogram_picture(q.chosen().quantisers[0], quantize::histogram_of(q.numbers));
    const auto image = [&](const Canvas& canvas, Image kind) {
        return run_gnuplot(gnuplot_script(picture.plot, canvas, kind));
    };
    const std::string wide = image(desktop, Image::Svg);
    files.push_back({picture.name + ".svg", wide});
    files.push_back({picture.name + ".png", image(desktop, Image::Png)});
    files.push_back({picture.name + ".tsv", to_tsv(picture.plot)});
    return figure(inline_svg(wide, picture.name, picture.plot.title),
                  inline_svg(image(telephone, Image::Svg), picture.name + "-narrow", picture.plot.title),
                  picture.caption);
}

}  // namespace

Table candidate_table(const Quantised& q) {
    Table table = {{"calibration", "scale", "zero point", "clipped", "SQNR dB", "bits kept", "KL bits", "chosen"}};
    for (std::size_t i = 0; i < q.candidates.size(); ++i) {
        const quantize::Candidate& c = q.candidates[i];
        if (!c.possible()) {
            table.push_back({std::string(row_of(c.method).name), "-", "-", "-", "-", "-", "-", "no: " + c.why});
            continue;
        }
        const bool one = c.quantisers.size() == 1;
        table.push_back({std::string(row_of(c.method).name), scale_text(c), zero_text(c),
                         fmt::format("{:.4f} %", 100 * c.clipped), fmt::format("{:.3f}", c.sqnr),
                         fmt::format("{:.3f}", q.information[i].kept),
                         one ? fmt::format("{:.4f}", q.information[i].divergence) : "-", &c == &q.chosen() ? "*" : ""});
    }
    return table;
}

Table noise_table(const Quantised& q) {
    Table table = {{"bits", "uniform model dB", "histogram dB", "measured dB", "uniform model"}};
    for (const quantize::NoiseRow& row : q.noise) {
        if (!row.possible()) {
            table.push_back({fmt::format("{}", row.bits), "-", "-", "-", "no scale: " + row.why});
            continue;
        }
        table.push_back({fmt::format("{}", row.bits), fmt::format("{:.3f}", row.model),
                         fmt::format("{:.3f}", row.distribution), fmt::format("{:.3f}", row.measured()), verdict(row)});
    }
    return table;
}

std::string report_json(const Quantised& q) {
    Json json;
    const quantize::Limits limits = quantize::limits_of(q.numbers);
    json["tensor"] = q.name;
    json["numbers"] = q.numbers.size();
    json["least"] = limits.least;
    json["greatest"] = limits.greatest;
    json["entropy"] = q.information[0].numbers;
    for (std::size_t i = 0; i < q.candidates.size(); ++i) json["candidates"].push_back(candidate_json(q, i));
    for (const quantize::NoiseRow& row : q.noise) json["noise"].push_back(noise_json(row));
    for (const quantize::Affine& by : q.chosen().quantisers) {
        json["scale"].push_back(by.scale);
        json["zero_point"].push_back(by.zero_point);
    }
    return json.dump(2) + "\n";
}

std::vector<PageFile> quantise_page(const Quantised& q) {
    std::vector<PageFile> files;
    std::string calibration = paragraph(sentence(q)) + to_html(candidate_table(q));
    if (const std::size_t groups = q.chosen().quantisers.size(); groups == 1)
        calibration += drawn(q, files);
    else
        calibration += paragraph(
            fmt::format("No picture of the levels: {} groups of numbers have levels of their own each.", groups));
    const std::string noise =
        paragraph(
            std::string(noise_scope) +
            ": the signal-to-noise ratio with so many bits. Predicted: noise uniform on half "
            "a step to each side; the error integrated over the histogram. The model fails where mean, variance or "
            "correlation with the signal are more than four standard deviations from the model's.") +
        to_html(noise_table(q));
    files.push_back({"quantise.html", page("Quantisation of " + q.name,
                                           {{"calibration", "Calibration", calibration}, {"noise", "Noise", noise}})});
    return files;
}
