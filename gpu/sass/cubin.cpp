#include <halfulp/gpu/sass/cubin.hpp>

#include <fmt/format.h>

#include <halfulp/lib/io/binary_file.hpp>

namespace halfulp::gpu {
namespace {

// Of ELF-64 (System V ABI, gABI 4.1): offsets of fields, and what they hold.
constexpr std::string_view magic =
    "\x7F"
    "ELF\x02\x01";  // 64 bits, little-endian
constexpr std::uint64_t section_table = 0x28, section_size = 0x3A, section_count = 0x3C, names_index = 0x3E;
constexpr std::uint64_t section_bytes = 64;
constexpr std::uint64_t name_field = 0, type_field = 4, offset_field = 24, size_field = 32;
constexpr std::uint64_t machine = 0x12, cuda_machine = 190, no_bits = 8;

class Elf {
  public:
    Elf(std::string_view bytes, std::string_view name) : bytes_(bytes), name_(name) {
        if (!bytes.starts_with(magic)) throw error(0, "no ELF file of 64 bits");
        if (number(machine, 2) != cuda_machine) throw error(machine, "an ELF file of another machine than CUDA");
        if (number(section_size, 2) != section_bytes)
            throw error(section_size,
                        fmt::format("sections of {} bytes, expected {}", number(section_size, 2), section_bytes));
    }

    std::uint64_t sections() const { return number(section_count, 2); }

    std::string_view section_name(std::uint64_t index) const {
        const std::uint64_t names = number(names_index, 2);
        if (names >= sections())
            throw error(names_index, fmt::format("section {} has the names; there are {}", names, sections()));
        const std::string_view all = contents(names);
        const std::uint64_t start = field(index, name_field, 4);
        const std::size_t end = start < all.size() ? all.find('\0', start) : std::string_view::npos;
        if (end == std::string_view::npos) throw error(header(index), fmt::format("section {} has no name", index));
        return all.substr(start, end - start);
    }

    /// The bytes of a section; none if it takes no room in the file.
    std::string_view contents(std::uint64_t index) const {
        if (field(index, type_field, 4) == no_bits) return {};
        return part(field(index, offset_field, 8), field(index, size_field, 8));
    }

    InputError error(std::uint64_t offset, std::string_view message) const {
        return InputError(fmt::format("{}: byte {}: {}", name_, offset, message));
    }

    std::uint64_t header(std::uint64_t index) const { return number(section_table, 8) + index * section_bytes; }

  private:
    std::string_view part(std::uint64_t offset, std::uint64_t size) const {
        if (offset > bytes_.size() || size > bytes_.size() - offset)
            throw error(offset, fmt::format("{} bytes expected, the file has {}", size, bytes_.size()));
        return bytes_.substr(offset, size);
    }
    std::uint64_t number(std::uint64_t offset, std::uint64_t size) const { return little_endian(part(offset, size)); }
    std::uint64_t field(std::uint64_t index, std::uint64_t at, std::uint64_t size) const {
        return little_endian(part(header(index), section_bytes).substr(at, size));
    }

    std::string_view bytes_, name_;
};

std::vector<SassInstruction> instructions(std::string_view code) {
    std::vector<SassInstruction> all;
    for (; !code.empty(); code.remove_prefix(16))
        all.push_back({little_endian(code.substr(0, 8)), little_endian(code.substr(8, 8))});
    return all;
}

}  // namespace

std::vector<CubinKernel> read_cubin(std::string_view bytes, std::string_view name) {
    constexpr std::string_view prefix = ".text.";
    const Elf elf(bytes, name);
    std::vector<CubinKernel> kernels;
    std::size_t code_bytes = 0;
    for (std::uint64_t i = 0; i < elf.sections(); ++i) {
        const std::string_view section = elf.section_name(i);
        if (!section.starts_with(prefix)) continue;
        const std::string_view code = elf.contents(i);
        if (code.size() % 16 != 0)
            throw elf.error(elf.header(i), fmt::format("{} has {} bytes, no multiple of 16", section, code.size()));
        code_bytes += code.size();
        if (code_bytes > bytes.size())  // sections that overlap would take memory many times over
            throw elf.error(elf.header(i), fmt::format("sections of more than the file's {} bytes", bytes.size()));
        kernels.push_back({std::string(section.substr(prefix.size())), instructions(code)});
    }
    return kernels;
}

}  // namespace halfulp::gpu
