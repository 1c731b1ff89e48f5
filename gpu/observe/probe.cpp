#include <halfulp/gpu/observe/probe.hpp>

#include <algorithm>
#include <optional>
#include <span>

#include <halfulp/gpu/observe/run_kernel.hpp>
#include <halfulp/lib/diagnose/row_changes.hpp>
#include <halfulp/lib/diagnose/telling_matrices.hpp>
#include <halfulp/lib/io/text_file.hpp>
#include <halfulp/lib/matrix_unit/instruction.hpp>
#include <halfulp/lib/matrix_unit/table.hpp>

namespace halfulp::gpu {
namespace {

using Codes = std::vector<std::uint64_t>;

constexpr std::uint64_t tiles_of_a_kind = 3;

std::optional<MmaInstruction> find(std::string_view processor, std::string_view name) {
    try {
        return find_instruction(processor, name);
    } catch (const InputError&) {  // it has no such instruction
        return std::nullopt;
    }
}

/// Tiles, and the device's D of them.
class Observed {
  public:
    Observed(Device& device, const Kernel& kernel, std::vector<Hostile> tiles) : tiles_(std::move(tiles)) {
        Call call{{.m = static_cast<std::uint32_t>(tiles_.size())}, {}, {}};
        for (const Hostile& x : tiles_) {
            append(call.arrays["a"], x.a);
            append(call.arrays["b"], columns(x));
            append(call.arrays["c"], x.c);
        }
        d_ = run_kernel(device, kernel, call).at("d");
    }

    std::size_t results() const { return d_.size(); }

    std::size_t equal(const MmaSpec& row) const {
        std::size_t count = 0;
        for (std::size_t tile = 0; tile < tiles_.size(); ++tile) {
            const Codes wanted = product_of(row, tiles_[tile]);
            const auto got = of(tile);
            for (std::size_t i = 0; i < wanted.size(); ++i) count += got[i] == wanted[i] ? 1U : 0U;
        }
        return count;
    }

    bool is_all_of(const MmaSpec& row) const {
        for (std::size_t tile = 0; tile < tiles_.size(); ++tile)
            if (!std::ranges::equal(product_of(row, tiles_[tile]), of(tile))) return false;
        return true;
    }

  private:
    static void append(Codes& to, const Codes& from) { to.insert(to.end(), from.begin(), from.end()); }
    /// B, column after column.
    static Codes columns(const Hostile& x) {
        Codes all;
        for (std::size_t j = 0; j < x.shape.n; ++j)
            for (std::size_t k = 0; k < x.shape.k; ++k) all.push_back(x.b[k * x.shape.n + j]);
        return all;
    }
    std::span<const std::uint64_t> of(std::size_t tile) const {
        const std::size_t size = tiles_[tile].c.size();
        return std::span(d_).subspan(tile * size, size);
    }

    std::vector<Hostile> tiles_;
    Codes d_;
};

/// The telling ones first, as most rows that are wrong are so on one of them.
std::vector<Hostile> tiles_for(const MmaInstruction& instruction, std::span<const RowChange> changes,
                               std::uint64_t seed) {
    const MatrixShape shape{static_cast<std::size_t>(instruction.m), static_cast<std::size_t>(instruction.n),
                            static_cast<std::size_t>(instruction.k)};
    std::vector<Hostile> tiles = telling_matrices(*instruction.spec, changes, shape, seed);
    for (const HostileKind& kind : hostile_kinds)
        for (std::uint64_t i = 0; i < tiles_of_a_kind; ++i)
            tiles.emplace_back(*instruction.spec, kind, shape, ~(seed + i));
    return tiles;
}

}  // namespace

bool Probe::fits_row_of(std::string_view processor) const {
    return std::any_of(fits.begin(), fits.end(),
                       [&](const UnitFit& fit) { return fit.processor == processor && fit.equal == results; });
}

Probe probe(Device& device, const Kernel& kernel, std::string_view processor, std::uint64_t seed) {
    const std::string_view name = std::get<OneInstruction>(kernel.meaning).name;
    const MmaInstruction instruction = find_instruction(processor, name);
    const std::vector<RowChange> changes = changes_of(*instruction.spec, instruction.k);
    const Observed observed(device, kernel, tiles_for(instruction, changes, seed));
    Probe result{.kernel = &kernel, .results = observed.results()};
    for (const Processor& other : processors)
        if (const auto found = other.is_nvidia() ? find(other.name, name) : std::nullopt)
            result.fits.push_back({other.name, observed.equal(*found->spec)});
    const bool row_fits = result.fits_row_of(processor);
    for (const RowChange& change : changes) {
        if (!change.moot.empty()) continue;
        using enum FieldProbe::Verdict;
        const bool fits = observed.is_all_of(change.row);
        result.fields.push_back({change.field, change.change, !fits ? Refuted : row_fits ? Untold : Fits});
    }
    return result;
}

}  // namespace halfulp::gpu
