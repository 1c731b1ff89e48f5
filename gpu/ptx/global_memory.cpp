#include <halfulp/gpu/ptx/global_memory.hpp>

#include <algorithm>
#include <cstring>
#include <new>

#include <fmt/format.h>

#include <halfulp/gpu/ptx/fault.hpp>

namespace halfulp::ptx {
namespace {

constexpr Address alignment = 256;  // as cudaMalloc's
constexpr Address gap = 4096;       // between allocations, so that what overruns one meets no other

Address rounded_up(Address address) { return (address + alignment - 1) / alignment * alignment; }

// Threads of the host may meet where a kernel has a race, hence relaxed atomic accesses.
template <class T>
T relaxed(const T& x) {
    return __atomic_load_n(&x, __ATOMIC_RELAXED);
}

template <class Word>
void copy_words(std::byte* to, const std::byte* from, std::size_t bytes) {
    for (std::size_t i = 0; i < bytes; i += sizeof(Word)) {
        Word word;
        __atomic_load(reinterpret_cast<const Word*>(from + i), &word, __ATOMIC_RELAXED);
        __atomic_store(reinterpret_cast<Word*>(to + i), &word, __ATOMIC_RELAXED);
    }
}

/// Pre: both are aligned to the size, or to 8 where it is more.
void copy_relaxed(std::byte* to, const std::byte* from, std::size_t bytes) {
    if (bytes % 8 == 0) return copy_words<std::uint64_t>(to, from, bytes);
    if (bytes % 4 == 0) return copy_words<std::uint32_t>(to, from, bytes);
    if (bytes % 2 == 0) return copy_words<std::uint16_t>(to, from, bytes);
    copy_words<std::uint8_t>(to, from, bytes);
}

/// The last writes to a word of 4 bytes, or reads of it: launch, CTA, fences of the CTA before it, which bytes.
struct CtaRecord {
    std::uint64_t launch, cta, fences;
    bool flag;  ///< of a write: is strong; of a read: other CTAs have read the bytes, too
    unsigned bytes;
};

constexpr std::uint64_t low_bits(std::uint64_t x, int bits) { return x & ((std::uint64_t{1} << bits) - 1); }

std::uint64_t packed(const CtaRecord& r) {
    return low_bits(r.launch, 16) << 48 | low_bits(r.cta, 28) << 20 | low_bits(r.fences, 15) << 5 |
           std::uint64_t{r.flag ? 1U : 0U} << 4 | r.bytes;
}

CtaRecord unpacked(std::uint64_t x) {
    return {x >> 48, low_bits(x >> 20, 28), low_bits(x >> 5, 15), (x >> 4 & 1) != 0, static_cast<unsigned>(x & 15)};
}

/// The bytes of word `word` that an access takes, a bit each.
unsigned bytes_within(std::size_t word, std::size_t offset, std::size_t size) {
    const std::size_t begin = std::max(offset, 4 * word) - 4 * word,
                      end = std::min(offset + size, 4 * word + 4) - 4 * word;
    return ((1U << end) - 1) & ~((1U << begin) - 1);
}

CtaRecord record_of(const GlobalAccess& who, unsigned bytes, bool flag) {
    const bool known = who.cta < who.fences.size();
    const std::uint64_t fences = known ? who.fences[who.cta].load(std::memory_order_relaxed) : 0;
    return {low_bits(who.launch, 16), low_bits(who.cta, 28), low_bits(fences, 15), flag, bytes};
}

bool same_cta(const CtaRecord& a, const CtaRecord& b) { return a.launch == b.launch && a.cta == b.cta; }

/// Does the record tell of one of these bytes in this launch, and has its CTA had no fence since?
bool is_open(const CtaRecord& record, unsigned bytes, const GlobalAccess& who) {
    if (record.launch != low_bits(who.launch, 16) || (record.bytes & bytes) == 0) return false;
    const bool known = record.cta < who.fences.size();
    return known && low_bits(who.fences[record.cta].load(std::memory_order_relaxed), 15) == record.fences;
}

/// Did another CTA write one of these bytes?
bool races_with_writer(const CtaRecord& writer, const CtaRecord& mine, bool is_strong, const GlobalAccess& who) {
    return !same_cta(writer, mine) && !(writer.flag && is_strong) && is_open(writer, mine.bytes, who);
}

void race(const GlobalAccess& who, const char* what, Address at, const std::string& other) {
    who.race(who.thread, fmt::format("race: {} {:#x}, which {} in this launch, with no fence since", what, at, other));
}

std::string wrote(const CtaRecord& writer) { return fmt::format("CTA number {} wrote", writer.cta); }

/// Of the CTAs that read a word the first is kept, and that there are others, until it has had a fence.
void note_reader(std::uint64_t& word, const CtaRecord& mine, const GlobalAccess& who) {
    const std::uint64_t before = relaxed(word);
    const CtaRecord reader = unpacked(before);
    CtaRecord now = mine;
    if (same_cta(reader, mine) && reader.fences == mine.fences) {
        if (reader.flag) return;
        now.bytes |= reader.bytes;
    } else if (!same_cta(reader, mine) && is_open(reader, mine.bytes, who)) {
        now = reader;
        now.bytes &= mine.bytes;
        now.flag = true;
    }
    if (packed(now) != before) __atomic_store_n(&word, packed(now), __ATOMIC_SEQ_CST);
}

/// Held against those who read and wrote the word before. As readers do, it leaves its record first and then looks for
/// theirs: of two at the same time at least one sees the other.
void check_and_note_write(Allocation& to, Address at, std::size_t word, const CtaRecord& mine, bool changes,
                          const GlobalAccess& who) {
    const CtaRecord writer = unpacked(relaxed(to.writers[word]));
    if (changes && races_with_writer(writer, mine, who.is_strong, who)) race(who, "writes", at, wrote(writer));
    CtaRecord now = mine;
    const bool again = same_cta(writer, mine) && writer.fences == mine.fences && writer.flag == mine.flag;
    if (again) now.bytes |= writer.bytes;
    __atomic_store_n(&to.writers[word], packed(now), __ATOMIC_SEQ_CST);
    const CtaRecord reader = unpacked(__atomic_load_n(&to.readers[word], __ATOMIC_SEQ_CST));
    const bool other_read = reader.flag || !same_cta(reader, mine);
    if (other_read && is_open(reader, mine.bytes, who))
        race(who, "writes", at,
             same_cta(reader, mine) ? fmt::format("other CTAs than number {} read", reader.cta)
                                    : fmt::format("CTA number {} read", reader.cta));
}

}  // namespace

Allocation& GlobalMemory::allocate(std::size_t bytes, bool is_constant, const std::string& name) {
    Address& next = is_constant ? next_constant_ : next_global_;
    auto memory = std::make_unique<Allocation>();
    memory->size = std::max<std::size_t>(bytes, 1);
    memory->name = name;
    memory->is_constant = is_constant;
    memory->address = next;
    try {
        memory->data.resize(rounded_up(memory->size));
        memory->defined.resize(memory->size);
        memory->writers.resize(memory->size / 4 + 1);
        memory->readers.resize(memory->size / 4 + 1);
    } catch (const std::exception&) {
        throw InputError(fmt::format("allocate {} bytes: the host has not so much memory", bytes));
    }
    next = rounded_up(next + memory->size + gap);
    return *(allocations_[memory->address] = std::move(memory));
}

void GlobalMemory::release(Address address) {
    if (allocations_.erase(address) == 0)
        throw InputError(
            fmt::format("release {:#x}: expected where an allocation begins; {}", address, nearest(address)));
}

Allocation* GlobalMemory::find(Address address, std::size_t bytes) const {
    const auto above = allocations_.upper_bound(address);
    if (above == allocations_.begin()) return nullptr;
    Allocation& below = *std::prev(above)->second;
    return below.holds(address, bytes) ? &below : nullptr;
}

std::string GlobalMemory::nearest(Address address, const NameOf& name_of) const {
    const Allocation* best = nullptr;
    const auto distance = [&](const Allocation& m) {
        return address < m.address            ? m.address - address
               : address < m.address + m.size ? 0
                                              : address - m.address - m.size;
    };
    for (const auto& [at, memory] : allocations_)
        if (best == nullptr || distance(*memory) < distance(*best)) best = memory.get();
    if (best == nullptr) return "nothing is allocated";
    const std::string name = name_of(*best);
    const std::string what =
        fmt::format("{}the {} bytes allocated at {:#x}", name.empty() ? "" : name + ", ", best->size, best->address);
    if (address < best->address) return fmt::format("{} bytes before {}", best->address - address, what);
    if (address < best->address + best->size) return fmt::format("byte {} of {}", address - best->address, what);
    return fmt::format("{} bytes behind {}", address - best->address - best->size, what);
}

Address first_unwritten(const Allocation& memory, Address at, std::size_t bytes) {
    const Address end = at + bytes;
    while (at < end && relaxed(memory.defined[at - memory.address]) != 0) ++at;
    return at;
}

void look_at(const Allocation& from, Address at, std::span<std::byte> to) {
    copy_relaxed(to.data(), from.data.data() + (at - from.address), to.size());
}

void read_global(Allocation& from, Address at, std::span<std::byte> to, const GlobalAccess& who) {
    const std::size_t offset = at - from.address;
    copy_relaxed(to.data(), from.data.data() + offset, to.size());
    if (from.is_constant) return;
    for (std::size_t word = offset / 4; word <= (offset + to.size() - 1) / 4; ++word) {
        const CtaRecord mine = record_of(who, bytes_within(word, offset, to.size()), false);
        if (!who.is_strong) note_reader(from.readers[word], mine, who);
        const CtaRecord writer = unpacked(__atomic_load_n(&from.writers[word], __ATOMIC_SEQ_CST));
        if (races_with_writer(writer, mine, who.is_strong, who)) race(who, "reads", at, wrote(writer));
    }
}

void write_global(Allocation& to, Address at, std::span<const std::byte> from, std::span<std::byte> old,
                  const GlobalAccess& who) {
    if (to.is_constant) throw Fault{-1, fmt::format("writes {:#x} in constant memory", at)};
    const std::size_t offset = at - to.address;
    copy_relaxed(old.data(), to.data.data() + offset, from.size());
    const bool changes = !std::equal(from.begin(), from.end(), old.begin());
    for (std::size_t word = offset / 4; word <= (offset + from.size() - 1) / 4; ++word)
        check_and_note_write(to, at, word, record_of(who, bytes_within(word, offset, from.size()), who.is_strong),
                             changes, who);
    for (std::size_t i = 0; i < from.size(); ++i) __atomic_store_n(&to.defined[offset + i], 1, __ATOMIC_RELAXED);
    copy_relaxed(to.data.data() + offset, from.data(), from.size());
}

}  // namespace halfulp::ptx
