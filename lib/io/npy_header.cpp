#include <halfulp/lib/io/npy_header.h>

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <utility>

#include <halfulp/lib/io/element.hpp>

namespace halfulp {
namespace {

constexpr std::string_view magic = "\x93NUMPY";
constexpr std::size_t version_end = magic.size() + 2;
constexpr std::uint64_t longest = 10000;  // NumPy reads no longer header either

/// The few literals of Python that a header is made of, read from left to right.
class Literals {
  public:
    Literals(const BinaryFile& file, std::uint64_t start, std::string_view text)
        : file_(&file), start_(start), text_(text) {}

    /// Whether the next characters after blanks are these; if so, they are passed.
    bool accept(std::string_view token) {
        skip_blanks();
        if (text_.substr(at_, token.size()) != token) return false;
        at_ += token.size();
        return true;
    }

    void expect(std::string_view token) {
        if (!accept(token)) throw unexpected(token);
    }

    std::string string() {
        skip_blanks();
        const bool quoted = text_.find_first_of("'\"", at_) == at_;
        const std::size_t end = quoted ? text_.find_first_of("'\"\\\n", at_ + 1) : std::string_view::npos;
        if (end == std::string_view::npos || text_[end] != text_[at_]) throw unexpected("a string");
        const std::size_t begin = std::exchange(at_, end + 1) + 1;
        return std::string(text_.substr(begin, end - begin));
    }

    std::string plain_type() {
        skip_blanks();
        if (text_.substr(at_).find_first_of("[(") == 0) throw unexpected("elements of a plain type, no structures");
        return string();
    }

    bool boolean() {
        if (accept("True")) return true;
        if (accept("False")) return false;
        throw unexpected("True or False");
    }

    /// (), (3,), (3, 4): as many sizes as there are. Python 2 wrote 3L.
    std::vector<std::size_t> sizes() {
        std::vector<std::size_t> sizes;
        expect("(");
        while (!accept(")")) {
            sizes.push_back(size());
            accept("L");
            if (sizes.size() > 1 && accept(")")) break;
            expect(",");
        }
        return sizes;
    }

    void end() {
        skip_blanks();
        if (at_ != text_.size()) throw unexpected("the header's end");
    }

    InputError unexpected(std::string_view expected) {
        skip_blanks();
        const std::string_view rest = text_.substr(at_);
        return file_->error(start_ + at_, fmt::format("expected {}, found {}", expected,
                                                      rest.empty() ? "the header's end" : shown(rest)));
    }

  private:
    std::size_t size() {
        skip_blanks();
        std::size_t value = 0;
        const auto [end, error] = std::from_chars(text_.data() + at_, text_.data() + text_.size(), value);
        if (error != std::errc{}) throw unexpected("a size below 2^64");
        at_ = static_cast<std::size_t>(end - text_.data());
        return value;
    }

    void skip_blanks() { at_ = std::min(text_.find_first_not_of(" \t\n\r\f", at_), text_.size()); }

    const BinaryFile* file_;
    std::uint64_t start_;
    std::string_view text_;
    std::size_t at_ = 0;
};

NpyHeader parse(Literals literals) {
    constexpr std::string_view keys = "the keys descr, fortran_order and shape, once each";
    std::optional<std::string> descr;
    std::optional<bool> fortran_order;
    std::optional<std::vector<std::size_t>> shape;
    literals.expect("{");
    while (!literals.accept("}")) {
        Literals before = literals;
        const std::string key = literals.string();
        literals.expect(":");
        if (key == "descr" && !descr)
            descr = literals.plain_type();
        else if (key == "fortran_order" && !fortran_order)
            fortran_order = literals.boolean();
        else if (key == "shape" && !shape)
            shape = literals.sizes();
        else
            throw before.unexpected(keys);
        if (literals.accept(",")) continue;
        literals.expect("}");
        break;
    }
    if (!descr || !fortran_order || !shape) throw literals.unexpected(keys);
    literals.end();
    return {.descr = *descr, .fortran_order = *fortran_order, .shape = *shape};
}

}  // namespace

NpyHeader read_npy_header(BinaryFile& file) {
    const std::string start = file.read(0, version_end, "magic string and version");
    if (!start.starts_with(magic)) throw file.error(0, "expected the magic string of .npy, found " + shown(start));
    const auto major = static_cast<unsigned char>(start[magic.size()]);
    const auto minor = static_cast<unsigned char>(start[magic.size() + 1]);
    if (major < 1 || major > 3 || minor != 0)
        throw file.error(magic.size(), fmt::format("expected version 1.0, 2.0 or 3.0, found {}.{}", major, minor));
    const std::size_t length_size = major == 1 ? 2 : 4;
    const std::uint64_t length = little_endian(file.read(version_end, length_size, "header length"));
    if (length > longest)
        throw file.error(version_end, fmt::format("expected a header of at most {} bytes, found {}", longest, length));
    const std::uint64_t begin = version_end + length_size;
    const std::string text = file.read(begin, length, "header");
    NpyHeader header = parse({file, begin, text});
    header.size = begin + length;
    return header;
}

std::string npy_header(std::string_view descr, const std::vector<std::size_t>& shape) {
    std::string text =
        fmt::format("{{'descr': '{}', 'fortran_order': False, 'shape': {}, }}", descr, shape_text(shape));
    if (!shape.empty()) text.append(21 - fmt::formatted_size("{}", shape[0]), ' ');
    const std::size_t begin = version_end + 2;
    text.append(64 - (begin + text.size() + 1) % 64, ' ').append("\n");
    return std::string(magic).append({1, 0}) + little_endian(text.size(), 2) + text;
}

}  // namespace halfulp
