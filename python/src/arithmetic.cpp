#include <nanobind/nanobind.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/pair.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <array>
#include <limits>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <halfulp/lib/kernel/constants.hpp>
#include <halfulp/softfloat/contains.hpp>
#include <halfulp/softfloat/neighbours.hpp>

#include "arrays.hpp"
#include "bind.hpp"
#include "named.hpp"

namespace nb = nanobind;
using namespace nb::literals;

namespace halfulp::python {

namespace {

std::span<Status> each_of(const std::optional<ResultOf<std::uint8_t>>& flags) {
    static_assert(sizeof(Status) == 1);
    if (!flags) return {};
    return {reinterpret_cast<Status*>(flags->data()), flags->size()};
}

unsigned elementwise(const std::string& operation, const Format& to,
                     const std::vector<std::pair<Format, Array>>& operands, const Result& results, const Env& env,
                     const std::optional<ResultOf<std::uint8_t>>& flags, std::uint64_t seed) {
    const Operation which = named(operations, "operation", operation).operation;
    std::vector<kernel::NumberArray> arrays;
    for (const auto& [format, codes] : operands) arrays.push_back({format, codes_of(codes)});
    const kernel::ResultArray where = results_of(results);
    const nb::gil_scoped_release released;
    const std::span<Status> each = each_of(flags);
    const Status all = kernel::elementwise(which, to, arrays, where, env, each, {seed});
    for (std::size_t i = 0; i < each.size(); ++i)
        flags->data()[i] = static_cast<std::uint8_t>(kernel::bits_of(each[i]));
    return kernel::bits_of(all);
}

/// Steps between elements; the largest number of 64 bits where one is NaN.
void steps_between(const Format& f, const Array& a, const Array& b, const ResultOf<std::uint64_t>& steps) {
    const nb::gil_scoped_release released;
    by_word(a, [&]<class Word>(Word) {
        const std::span x(static_cast<const Word*>(a.data()), a.size());
        const std::span y(static_cast<const Word*>(b.data()), b.size());
        for (std::size_t i = 0; i < x.size(); ++i)
            steps.data()[i] = halfulp::steps_between(f, x[i], y[i]).value_or(std::numeric_limits<std::uint64_t>::max());
    });
}

nb::list operation_rows() {
    nb::list rows;
    for (const NamedOperation& row : operations) {
        static constexpr std::array domains{"number", "integer", "truth", "class"};
        rows.append(nb::make_tuple(std::string(row.name), row.operands,
                                   domains.at(static_cast<std::size_t>(row.result)),
                                   domains.at(static_cast<std::size_t>(row.last_operand))));
    }
    return rows;
}

}  // namespace

void bind_arithmetic(nb::module_& m) {
    m.def("elementwise", elementwise, "operation"_a, "to"_a, "operands"_a, "results"_a, "env"_a, "flags"_a.none(),
          "seed"_a);
    m.def("steps_between", steps_between, "format"_a, "a"_a, "b"_a, "steps"_a);
    m.def("contains", contains, "wide"_a, "narrow"_a);
    m.def("operations", operation_rows, "Name, operands, what the result is, what the last operand is.");
}

}  // namespace halfulp::python
