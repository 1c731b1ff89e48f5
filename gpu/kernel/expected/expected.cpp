#include <halfulp/gpu/kernel/expected.hpp>

#include <algorithm>
#include <bit>

#include <halfulp/gpu/kernel/expected/parts.h>
#include <halfulp/lib/accumulate/sum.hpp>
#include <halfulp/softfloat/convert.hpp>
#include <halfulp/softfloat/formats.hpp>
#include <halfulp/softfloat/integer.hpp>
#include <halfulp/softfloat/random.hpp>

namespace halfulp::gpu {
namespace {

/// A code of s32 or of a narrower type as a number, and back.
std::int32_t number_of(const IntegerType& type, std::uint64_t code) {
    const bool negative = type.is_signed && code > type.greatest();
    return static_cast<std::int32_t>(static_cast<std::uint32_t>(negative ? code | ~type.code_mask() : code));
}
std::uint64_t code_of(const IntegerType& type, std::int32_t number) {
    return static_cast<std::uint64_t>(number) & type.code_mask();
}

/// nearest + zero_point, clamped to the codes of a type.
std::uint64_t quantised_code(const IntegerType& type, std::int32_t nearest, std::int32_t zero_point) {
    const std::int32_t least = number_of(type, type.least()), greatest = number_of(type, type.greatest());
    return code_of(type, static_cast<std::int32_t>(std::clamp(std::int64_t{nearest} + zero_point, std::int64_t{least},
                                                              std::int64_t{greatest})));
}

std::uint64_t mul32(std::uint64_t a, std::uint64_t b) { return cuda_result(Operation::Mul, binary32, a, b); }
std::uint64_t div32(std::uint64_t a, std::uint64_t b) { return cuda_result(Operation::Div, binary32, a, b); }

std::uint64_t dequantised(std::int32_t code, std::int32_t zero_point, std::uint64_t scale) {
    return mul32(from_integer(binary32, code - zero_point).code, scale);
}

/// Every step of the elimination of lib/exercise/condition, from a11 a12 a21 a22 c1 c2.
void eliminate(const Format& f, std::span<const std::uint64_t> x, Codes& run) {
    using enum Operation;
    const auto step = [&](Operation operation, std::uint64_t a, std::uint64_t b) {
        run.push_back(cuda_result(operation, f, a, b));
        return run.back();
    };
    const std::uint64_t m = step(Div, x[2], x[0]), t = step(Mul, m, x[1]), u22 = step(Sub, x[3], t);
    const std::uint64_t s = step(Mul, m, x[4]), y2 = step(Sub, x[5], s), x2 = step(Div, y2, u22);
    const std::uint64_t v = step(Mul, x[1], x2), w = step(Sub, x[4], v);
    step(Div, w, x[0]);
}

/// A kind of kernel an operator.
struct Expectation {
    const Call& call;
    std::string_view processor;

    const Codes& array(std::string_view name) const { return call.arrays.find(name)->second; }
    std::uint64_t value(std::string_view name) const { return call.values.find(name)->second; }
    std::int32_t integer(std::string_view name) const { return number_of(s32, value(name)); }

    /// `f` of each code of x.
    template <class F>
    Codes each_x(F f) const {
        Codes y;
        for (const std::uint64_t x : array("x")) y.push_back(f(x));
        return y;
    }

    Arrays operator()(const Conversion& c) const {
        const Env env{.rounding = c.rounding, .overflow = c.overflow, .nan = NanPolicy::Cuda};
        return {{"y", each_x([&](std::uint64_t x) {
                     const std::uint64_t y = convert(c.to, c.from, x, env).code;
                     return c.relu && is_negative(c.to, y) && !c.to.is_nan(y) ? 0 : y;
                 })}};
    }
    Arrays operator()(const UpperHalf&) const {
        return {{"y", each_x([](std::uint64_t x) { return x << 16; })}};
    }
    Arrays operator()(const AnyConversion& c) const {
        Env env{.rounding = static_cast<Rounding>(value("rounding")),
                .overflow = value("saturate") != 0 ? Overflow::Saturate : Overflow::ByRounding,
                .nan = NanPolicy::Cuda};
        std::uint64_t i = 0;
        return {{"y", each_x([&](std::uint64_t x) {
                     env.random = random_bits(value("seed"), i++);
                     return convert(c.to, binary32, x, env).code;
                 })}};
    }
    Arrays operator()(const Arithmetic& a) const {
        const unsigned operands = row_of(a.operation).operands;
        const Codes& first = array("a");
        Codes d;
        for (std::size_t i = 0; i < first.size(); ++i)
            d.push_back(cuda_result(a.operation, a.format, first[i], operands > 1 ? array("b")[i] : 0,
                                    operands > 2 ? array("c")[i] : 0));
        return {{"d", d}};
    }
    Arrays operator()(const RunningSum& s) const { return {{"y", running_sums(CudaAdder{s.format}, array("x"))}}; }
    Arrays operator()(const OrderedSum& s) const {
        const bool told = call.values.contains("count");
        const Order order{"", "", s.grouping, s.accumulation, told ? value("count") : 1};
        return {{"y", {sum(order, CudaAdder{s.format}, array("x"))}}};
    }
    Arrays operator()(const LaneSum& s) const {
        const auto& [m, n, k] = call.sizes;
        return {{"y", sums_of_rows({s.term, s.sum, s.lanes, s.tree, m, n, n, array("x")})}};
    }
    Arrays operator()(const LaneDot& d) const {
        const auto& [m, n, k] = call.sizes;
        const std::size_t pitch = array("a").size() / m;
        return {{"d", sums_of_rows({d.term, d.sum, d.lanes, Tree::Halves, m, n, pitch, array("a"), array("b")})}};
    }
    Arrays operator()(const MatrixVector& v) const {
        const auto& [m, n, k] = call.sizes;
        return {{"y", sums_of_rows({v.term, v.sum, v.lanes, Tree::Halves, m, k, k, array("a"), array("x"), true})}};
    }
    Arrays operator()(const MatrixProduct& p) const { return {{"d", matrix_product(p, processor, call)}}; }
    Arrays operator()(const RequantisedProduct& p) const {
        Codes d = matrix_product({s8, s32, p.instruction}, processor, call);
        for (std::size_t i = 0; i < d.size(); ++i) {
            const std::uint64_t sum = from_integer(binary32, s32, d[i]).code;
            const std::uint64_t x = mul32(sum, array("scale")[i % call.sizes.n]);
            d[i] = quantised_code(s8, to_s32(x, Rounding::NearestEven), integer("zero_point"));
        }
        return {{"d", d}};
    }
    Arrays operator()(const OneInstruction& i) const { return {{"d", tiles(i.name, processor, call)}}; }
    Arrays operator()(const OperationChain& c) const { return {{"d", chain(c, processor, call)}}; }
    Arrays operator()(const Copy&) const { return {{"y", array("x")}}; }
    Arrays operator()(const BlockedSum& s) const { return {{"y", blocked_sums(s, processor, array("x"))}}; }
    Arrays operator()(const Elimination& e) const {
        Codes runs;
        for (std::size_t i = 0; i < call.sizes.n; ++i)
            eliminate(e.format, std::span(array("x")).subspan(6 * i, 6), runs);
        return {{"y", runs}};
    }
    Arrays operator()(const Quantisation& q) const {
        const bool wide = q.code == Element{s32};
        return {{"y", each_x([&](std::uint64_t x) {
                     const std::int32_t whole = to_s32(div32(x, value("scale")), q.rounding);
                     if (!wide) return quantised_code(*q.code.integer, whole, integer("zero_point"));
                     return code_of(s32, std::clamp(whole, integer("least"), integer("greatest")));
                 })}};
    }
    Arrays operator()(const Dequantisation& d) const {
        return {{"y", each_x([&](std::uint64_t x) {
                     return dequantised(number_of(*d.code.integer, x), integer("zero_point"), value("scale"));
                 })}};
    }
    Arrays operator()(const FakeQuantisation& f) const {
        const std::uint64_t scale = value("scale"), one = from_integer(binary32, 1).code;
        return {{"y", each_x([&](std::uint64_t x) {
                     const std::uint64_t quotient = f.reciprocal ? mul32(x, div32(one, scale)) : div32(x, scale);
                     const std::int32_t zero_point = integer("zero_point");
                     const std::uint64_t code = quantised_code(s8, to_s32(quotient, Rounding::NearestEven), zero_point);
                     return dequantised(number_of(s8, code), zero_point, scale);
                 })}};
    }
    Arrays operator()(const LossScaling& s) const {
        return {{"y", each_x([&](std::uint64_t x) {
                     return convert(s.stored, binary32, mul32(x, value("factor")), cuda).code;
                 })}};
    }
    Arrays operator()(const LossUnscaling& s) const {
        std::uint64_t found_inf = array("found_inf")[0];
        const Codes y = each_x([&](std::uint64_t x) {
            if ((x & s.stored.magnitude_mask()) > s.stored.max_code()) found_inf = 1;
            return mul32(s.stored == bfloat16 ? x << 16 : convert(binary32, s.stored, x, cuda).code, value("inverse"));
        });
        return {{s.stored == binary32 ? "x" : "y", y}, {"found_inf", {found_inf}}};
    }
};

}  // namespace

std::int32_t to_s32(std::uint64_t binary32_code, Rounding rounding) {
    const Env env{.rounding = rounding};
    return number_of(s32, to_integer(s32, Operand{binary32, binary32_code}, env).code);
}

Arrays expected(const Kernel& kernel, const Call& call, std::string_view processor) {
    return std::visit(Expectation{call, processor}, kernel.meaning);
}

}  // namespace halfulp::gpu
