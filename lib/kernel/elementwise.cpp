#include <halfulp/lib/kernel/elementwise.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <stdexcept>
#include <type_traits>

#include <halfulp/lib/kernel/pieces.h>
#include <halfulp/lib/kernel/results.h>
#include <halfulp/lib/kernel/arithmetic.hpp>
#include <halfulp/lib/kernel/convert.hpp>
#include <halfulp/softfloat/compute.hpp>
#include <halfulp/softfloat/formats.hpp>

namespace halfulp::kernel {

namespace {

/// What goes through a kernel at once where its operands have to be made first: it stays in the nearest cache.
constexpr std::size_t block = 1024;

std::size_t size_of(const auto& array) {
    return std::visit([](auto span) { return span.size(); }, array);
}

std::uint64_t code_at(const CodeArray& codes, std::size_t i) {
    return std::visit([i](auto span) -> std::uint64_t { return span[i]; }, codes);
}

template <class Word>
const std::span<const Word>* words_of(const CodeArray& codes) {
    return std::get_if<std::span<const Word>>(&codes);
}

/// Codes of binary32 as numbers: the same bits.
std::span<const float> numbers_of(std::span<const std::uint32_t> codes) {
    return {reinterpret_cast<const float*>(codes.data()), codes.size()};
}
std::span<float> numbers_of(std::span<std::uint32_t> codes) {
    return {reinterpret_cast<float*>(codes.data()), codes.size()};
}

/// What a call asks for, but the operation.
struct Task {
    const Format& to;
    std::span<const NumberArray> operands;
    const ResultArray& results;
    const Env& env;
    std::span<Status> each;
    const Draws& draws;

    std::size_t size() const { return size_of(results); }
};

/// run(piece) for each block, with what it returns put together.
Status in_blocks(std::size_t size, auto run) {
    Status all;
    for (std::size_t first = 0; first < size; first += block)
        all = all | run(Piece{first, std::min(block, size - first)});
    return all;
}

/// From binary32, in one go.
template <class Word>
Status narrowed(const Task& task, std::span<const float> from, std::span<Word> codes) {
    return narrow(task.to, from, codes, task.env, task.each, task.draws);
}

/// By way of binary32, which has every number of both formats: only the second step rounds.
template <class From, class To>
Status renarrowed(const Task& task, std::span<const From> from, std::span<To> to) {
    Env first = task.env,
        second = task.env;  // what is subnormal is flushed once: operands by the one, results by the other
    first.flush_outputs = Flush::Never;
    second.flush_inputs = false;
    return in_blocks(from.size(), [&](const Piece& piece) {
        std::array<float, block> numbers{};
        std::array<Status, block> seen{};
        const std::span<float> wide = std::span(numbers).first(piece.count);
        const std::span<Status> each = piece.of(task.each);
        Status all = widen(task.operands[0].format, piece.of(from), wide, first,
                           each.empty() ? each : std::span(seen).first(piece.count));
        all = all | narrow(task.to, std::span<const float>(wide), piece.of(to), second, each, piece.of(task.draws));
        for (std::size_t i = 0; i < each.size(); ++i) each[i] = each[i] | seen.at(i);
        return all;
    });
}

/// By the kernels of convert.hpp, or nothing where they do not take it.
std::optional<Status> converted(const Task& task) {
    const NumberArray& from = task.operands[0];
    return std::visit(
        [&]<class From, class To>(std::span<const From> codes, std::span<To> results) -> std::optional<Status> {
            if constexpr (std::is_same_v<From, std::uint32_t> && !std::is_same_v<To, std::uint64_t>)
                if (from.format == binary32 && is_convertible(task.to))
                    return narrowed(task, numbers_of(codes), results);
            if constexpr (std::is_same_v<To, std::uint32_t> && !std::is_same_v<From, std::uint64_t>)
                if (task.to == binary32 && is_convertible(from.format))
                    return widen(from.format, codes, numbers_of(results), task.env, task.each);
            if constexpr (!std::is_same_v<From, std::uint64_t> && !std::is_same_v<To, std::uint64_t>)
                if (is_convertible(task.to) && is_convertible(from.format)) return renarrowed(task, codes, results);
            return std::nullopt;
        },
        from.codes, task.results);
}

/// Bytes as the words of 16 bits that the kernels of arithmetic.hpp take.
Status calculated_in_blocks(Operation operation, const Task& task, std::span<std::uint8_t> results) {
    return in_blocks(results.size(), [&](const Piece& piece) {
        std::array<std::array<std::uint16_t, block>, 3> words{};
        std::array<std::uint16_t, block> codes{};
        for (std::size_t i = 0; i < task.operands.size(); ++i)
            std::ranges::copy(piece.of(*words_of<std::uint8_t>(task.operands[i].codes)), words.at(i).begin());
        const auto operand = [&](std::size_t i) { return Codes(words.at(i)).first(piece.count); };
        const auto calculated = std::span(codes).first(piece.count);
        const Status all = compute(operation, task.to, operand(0), operand(1), operand(2), calculated, task.env,
                                   piece.of(task.each), piece.of(task.draws));
        std::ranges::transform(calculated, piece.of(results).begin(),
                               [](std::uint16_t code) { return static_cast<std::uint8_t>(code); });
        return all;
    });
}

/// By the kernels of arithmetic.hpp, or nothing where they do not take it.
std::optional<Status> calculated(Operation operation, const Task& task) {
    if (!is_calculable(operation, task.to)) return std::nullopt;
    for (const NumberArray& operand : task.operands)
        if (operand.format != task.to || operand.codes.index() != task.results.index()) return std::nullopt;
    if (const auto* bytes = std::get_if<std::span<std::uint8_t>>(&task.results))
        return calculated_in_blocks(operation, task, *bytes);
    const auto* words = std::get_if<std::span<std::uint16_t>>(&task.results);
    if (words == nullptr) return std::nullopt;
    const auto operand = [&](std::size_t i) {
        return i < task.operands.size() ? *words_of<std::uint16_t>(task.operands[i].codes) : Codes();
    };
    return compute(operation, task.to, operand(0), operand(1), operand(2), *words, task.env, task.each, task.draws);
}

/// By the exact engine.
Status computed_one_by_one(Operation operation, const Task& task) {
    Status all;
    Env env = task.env;
    for (std::size_t i = 0; i < task.size(); ++i) {
        std::array<Operand, 3> x{};
        for (std::size_t j = 0; j < task.operands.size(); ++j)
            x.at(j) = {task.operands[j].format, code_at(task.operands[j].codes, i)};
        env.random = draw(task.draws, i);
        const Rounded r = halfulp::compute(operation, task.to, std::span(x).first(task.operands.size()), env);
        std::visit([&]<class Word>(std::span<Word> words) { words[i] = static_cast<Word>(r.code); }, task.results);
        if (!task.each.empty()) task.each[i] = r.status;
        all = all | r.status;
    }
    return all;
}

int word_width(const auto& array) {
    return std::visit([](auto span) { return static_cast<int>(8 * sizeof(span[0])); }, array);
}

void require_width(const Format& f, int width) {
    if (f.width > width)
        throw std::invalid_argument(
            fmt::format("elementwise: codes of {} have {} bits, got words of {}", name_of(f), f.width, width));
}

void require(const NamedOperation& row, const Task& task) {
    if (task.operands.size() != row.operands)
        throw std::invalid_argument(
            fmt::format("elementwise: {} has {} operands, got {}", row.name, row.operands, task.operands.size()));
    for (std::size_t i = 0; i < row.operands; ++i) {
        const NumberArray& x = task.operands[i];
        require_lengths({size_of(x.codes)}, task.size(), task.each.size());
        if (i + 1 == row.operands && row.last_operand == Domain::Integer)
            require_width(binary64, word_width(x.codes));
        else
            require_width(x.format, word_width(x.codes));
    }
    if (row.result == Domain::Number) require_width(task.to, word_width(task.results));
    if (row.result == Domain::Integer) require_width(binary64, word_width(task.results));
    if (row.kind == OperationKind::Code && task.to != task.operands[0].format)
        throw std::invalid_argument(fmt::format("elementwise: {} has a result of its operand's format", row.name));
}

}  // namespace

Status elementwise(Operation operation, const Format& to, std::span<const NumberArray> operands,
                   const ResultArray& results, const Env& env, std::span<Status> each, const Draws& draws) {
    const Task task{to, operands, results, env, each, draws};
    require(row_of(operation), task);
    std::optional<Status> raised;
    if (env.nan == NanPolicy::IeeeDefault)
        raised = operation == Operation::Convert ? converted(task) : calculated(operation, task);
    return raised ? *raised : computed_one_by_one(operation, task);
}

}  // namespace halfulp::kernel
