#include <halfulp/lib/solve/study.hpp>

#include <cmath>
#include <numeric>

#include <halfulp/lib/condition/problems/randsvd.hpp>
#include <halfulp/softfloat/formats.hpp>

namespace halfulp::solve {

std::vector<Trial> trials(std::span<const Subject> subjects) {
    std::vector<Trial> table;
    for (const Subject& s : subjects) {
        std::vector<double> b(s.a.rows);
        for (std::size_t i = 0; i < b.size(); ++i) {
            const auto row = s.a.row(i);
            b[i] = std::accumulate(row.begin(), row.end(), 0.0);
        }
        for (const Format& format : {binary16, bfloat16, binary32})
            for (const MethodRow& method : methods)
                table.push_back({s.name, s.kappa, format, method.value, s.kappa < kappa_limit(method.value, format),
                                 solve(s.a, b, format, method.value)});
    }
    return table;
}

std::vector<Subject> randsvd_subjects(std::size_t n) {
    std::vector<Subject> subjects;
    for (int digits = 1; digits <= 14; ++digits) {
        const double kappa = std::pow(10, digits);
        subjects.push_back({"randsvd3", conditioning::randsvd(n, kappa, conditioning::Spectrum::Geometric, 1), kappa});
    }
    return subjects;
}

}  // namespace halfulp::solve
