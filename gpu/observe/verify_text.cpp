#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <halfulp/gpu/observe/verify.hpp>
#include <halfulp/lib/report/table.hpp>

namespace halfulp::gpu {
namespace {

std::string verdict(const KernelCheck& check) {
    if (!check.failure.empty()) return "failed: " + check.failure;
    if (check.equal < check.results) return "MISMATCH, " + check.difference;
    return check.repeats ? "equal" : "NOT REPEATABLE";
}

std::string fits_text(const Probe& probe) {
    if (!probe.failure.empty()) return "failed: " + probe.failure;
    std::string text;
    for (const UnitFit& fit : probe.fits)
        text += fmt::format("{}{} {}", text.empty() ? "" : ", ", fit.processor,
                            fit.equal == probe.results ? "all" : std::to_string(fit.equal));
    return text;
}

/// "exponent_floor - 1, exponent_floor + 1"
std::string changes_text(const Probe& probe, FieldProbe::Verdict verdict) {
    std::string text;
    for (const FieldProbe& field : probe.fields)
        if (field.verdict == verdict)
            text += fmt::format("{}{} {}", text.empty() ? "" : ", ", field.field, field.change);
    return text;
}

/// What the probe says of the fields of the expected row.
std::string fields_text(const Probe& probe) {
    using enum FieldProbe::Verdict;
    const auto refuted = std::ranges::count(probe.fields, Refuted, &FieldProbe::verdict);
    std::string text = fmt::format("{} of {} refuted", refuted, probe.fields.size());
    if (const std::string untold = changes_text(probe, Untold); !untold.empty()) text += "; untold: " + untold;
    if (const std::string fits = changes_text(probe, Fits); !fits.empty()) text += "; THE DEVICE'S: " + fits;
    return text;
}

std::string_view name_of(FieldProbe::Verdict verdict) {
    switch (verdict) {
        case FieldProbe::Verdict::Refuted: return "refuted";
        case FieldProbe::Verdict::Untold: return "untold";
        case FieldProbe::Verdict::Fits: return "fits";
    }
    __builtin_unreachable();
}

}  // namespace

std::string to_text(const Verification& v) {
    std::string text = fmt::format("{}, held against the matrix unit of {}\n", v.device, v.processor);
    for (const auto& [name, value] : v.facts) text += fmt::format("{}: {}\n", name, value);
    Table files = {{"PTX", "sha256", "ran as"}};
    for (const LoadedFile& file : v.files)
        files.push_back({std::string(file.file), std::string(file.sha256.substr(0, 16)), file.loaded_as});
    text += '\n' + to_columns(files);
    Table probes = {{"instruction", "results", "equal to the row of"}};
    for (const Probe& probe : v.probes)
        probes.push_back({std::string(probe.kernel->name), std::to_string(probe.results), fits_text(probe)});
    text += '\n' + to_columns(probes);
    Table fields = {{"instruction", "changes of a field of the expected row"}};
    for (const Probe& probe : v.probes)
        if (probe.failure.empty()) fields.push_back({std::string(probe.kernel->name), fields_text(probe)});
    text += '\n' + to_columns(fields);
    Table checks = {{"kernel", "meaning", "class", "results", "verdict"}};
    for (const KernelCheck& check : v.checks)
        checks.push_back({std::string(check.kernel->name), describe(check.kernel->meaning),
                          std::string(name_of(check.numbers)), std::to_string(check.results), verdict(check)});
    text += '\n' + to_columns(checks);
    const auto wrong = std::count_if(v.checks.begin(), v.checks.end(),
                                     [](const KernelCheck& check) { return verdict(check) != "equal"; });
    const auto fitting =
        std::count_if(v.probes.begin(), v.probes.end(), [&](const Probe& p) { return p.fits_row_of(v.processor); });
    text += fmt::format(
        "\n{} of {} checks equal, bit for bit; {} of {} matrix instructions fit their row of {}; {} kernels are for newer "
        "targets\n",
        v.checks.size() - static_cast<std::size_t>(wrong), v.checks.size(), fitting, v.probes.size(), v.processor,
        v.too_new);
    return text;
}

std::string to_json(const Verification& v) {
    using Json = nlohmann::ordered_json;
    Json facts = Json::object(), files = Json::array(), probes = Json::array(), checks = Json::array();
    for (const auto& [name, value] : v.facts) facts[name] = value;
    for (const LoadedFile& file : v.files)
        files.push_back({{"ptx", file.file}, {"sha256", file.sha256}, {"ran_as", file.loaded_as}});
    for (const Probe& probe : v.probes) {
        Json equal = Json::object();
        for (const UnitFit& fit : probe.fits) equal[std::string(fit.processor)] = fit.equal;
        Json changes = Json::array();
        for (const FieldProbe& field : probe.fields)
            changes.push_back({{"field", field.field}, {"change", field.change}, {"verdict", name_of(field.verdict)}});
        probes.push_back({{"kernel", probe.kernel->name},
                          {"results", probe.results},
                          {"equal", equal},
                          {"changes", changes},
                          {"failure", probe.failure}});
    }
    for (const KernelCheck& check : v.checks)
        checks.push_back({{"kernel", check.kernel->name},
                          {"class", name_of(check.numbers)},
                          {"results", check.results},
                          {"equal", check.equal},
                          {"repeatable", check.repeats},
                          {"verdict", verdict(check)}});
    const Json report = {
        {"device", v.device}, {"unit", v.processor}, {"right", v.is_right()}, {"facts", facts},
        {"files", files},     {"probes", probes},    {"checks", checks},      {"newer_kernels", v.too_new}};
    return report.dump(1);
}

}  // namespace halfulp::gpu
