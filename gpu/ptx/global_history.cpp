#include <halfulp/gpu/ptx/global_history.h>

#include <algorithm>
#include <cstring>

#include <fmt/format.h>

namespace halfulp::ptx {
namespace {

constexpr std::size_t page_bytes = 256;  // allocations begin with one

}  // namespace

void GlobalHistory::race(std::uint32_t thread, const char* does, Address at, const ThreadAccess& other,
                         const char* did) const {
    race_(thread, fmt::format("race: {} {:#x}, which thread number {} {}, with no barrier or fence between", does, at,
                              other.thread, did));
}

void GlobalHistory::reset() {
    pages_.clear();
    recent_ = nullptr;
}

GlobalHistory::Page& GlobalHistory::page(Address at, std::size_t bytes) {
    const Address number = at / page_bytes;
    if (recent_ == nullptr || recent_number_ != number) recent_ = &pages_[number];
    recent_number_ = number;
    Page& page = *recent_;
    if (page.records.empty()) {
        page.grain = std::min(bytes, page.grain);
        page.records.resize(page_bytes / page.grain);
    }
    for (; page.grain > bytes; page.grain /= 2) {  // each record becomes two
        std::vector<AccessHistory> finer;
        for (const AccessHistory& record : page.records) finer.insert(finer.end(), 2, record);
        page.records = std::move(finer);
    }
    return page;
}

/// Calls what(record, the first of its bytes within the access, how many) for each record of an access. Accesses are
/// aligned, so that none lies in two pages.
template <class Visit>
void GlobalHistory::visit(Address at, std::size_t bytes, const Visit& what) {
    Page& touched = page(at, bytes);
    AccessHistory* record = &touched.records[at % page_bytes / touched.grain];
    for (std::size_t i = 0; i < bytes; i += touched.grain) what(*record++, i, touched.grain);
}

void GlobalHistory::read(Address at, std::size_t bytes, std::uint32_t thread, const Ordering& order, bool is_strong) {
    const auto in_order = [&](const ThreadAccess& x) { return order.ordered(x, thread) || order.fenced(x); };
    visit(at, bytes, [&](AccessHistory& record, std::size_t first, std::size_t /*count*/) {
        if (const auto* writer = record.racing_writer(is_strong, in_order))
            race(thread, "reads", at + first, *writer, "wrote");
        record.read({order.now(), thread}, is_strong);
    });
}

void GlobalHistory::write(Address at, std::span<const std::byte> old, std::span<const std::byte> now,
                          std::uint32_t thread, const Ordering& order, bool is_strong) {
    const auto in_order = [&](const ThreadAccess& x) { return order.ordered(x, thread) || order.fenced(x); };
    visit(at, now.size(), [&](AccessHistory& record, std::size_t first, std::size_t count) {
        const bool changes = std::memcmp(old.data() + first, now.data() + first, count) != 0;
        const ThreadAccess* writer = record.racing_writer(is_strong, in_order);
        if (changes && writer != nullptr) race(thread, "writes", at + first, *writer, "wrote");
        if (const auto* reader = record.racing_reader(in_order)) race(thread, "writes", at + first, *reader, "read");
        record.write({order.now(), thread}, is_strong);
    });
}

}  // namespace halfulp::ptx
