// The ranks that mpirun started, by MPI. A library of its own, loaded when there are any, so that nothing else of halfulp needs MPI.
#include <mpi.h>

#include <chrono>
#include <memory>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <thread>

#include <halfulp/lib/verify/ranks.hpp>

namespace halfulp {
namespace {

constexpr std::chrono::milliseconds pause{1};  // between looks: MPI's own waiting takes a core

unsigned asked(int (*question)(MPI_Comm, int*)) {
    int number = 0;
    question(MPI_COMM_WORLD, &number);
    return static_cast<unsigned>(number);
}

/// A thread's letters have its number for their tag. MPI ends the job where it fails.
class MpiRanks final : public Ranks {
  public:
    MpiRanks() {
        int given = MPI_THREAD_SINGLE;
        MPI_Init_thread(nullptr, nullptr, MPI_THREAD_SERIALIZED, &given);
        if (given < MPI_THREAD_SERIALIZED) throw std::runtime_error("expected an MPI that several threads may call");
    }
    ~MpiRanks() override { MPI_Finalize(); }

    unsigned rank() const override { return asked(MPI_Comm_rank); }
    unsigned size() const override { return asked(MPI_Comm_size); }

    std::vector<Letter> letters() override {
        std::vector<Letter> all{wait_for(MPI_ANY_SOURCE, MPI_ANY_TAG)};
        while (auto letter = arrived(MPI_ANY_SOURCE, MPI_ANY_TAG)) all.push_back(*std::move(letter));
        return all;
    }
    void answer(const Letter& letter) override { send(letter); }

    void write(unsigned thread, const std::string& text) override { send({0, thread, text}); }
    std::string answer_to(unsigned thread) override { return wait_for(0, static_cast<int>(thread)).text; }

  private:
    void send(const Letter& letter) {
        const std::lock_guard lock(mutex_);
        MPI_Send(letter.text.data(), static_cast<int>(letter.text.size()), MPI_CHAR, static_cast<int>(letter.rank),
                 static_cast<int>(letter.thread), MPI_COMM_WORLD);
    }

    std::optional<Letter> arrived(int source, int tag) {
        const std::lock_guard lock(mutex_);
        int is_there = 0, length = 0;
        MPI_Status status;
        MPI_Iprobe(source, tag, MPI_COMM_WORLD, &is_there, &status);
        if (is_there == 0) return std::nullopt;
        MPI_Get_count(&status, MPI_CHAR, &length);
        std::string text(static_cast<std::size_t>(length), '\0');
        MPI_Recv(text.data(), length, MPI_CHAR, status.MPI_SOURCE, status.MPI_TAG, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
        return Letter{static_cast<unsigned>(status.MPI_SOURCE), static_cast<unsigned>(status.MPI_TAG), std::move(text)};
    }

    Letter wait_for(int source, int tag) {
        for (;; std::this_thread::sleep_for(pause))
            if (auto letter = arrived(source, tag)) return *std::move(letter);
    }

    std::mutex mutex_;
};

}  // namespace
}  // namespace halfulp

/// Joins the ranks. The caller's.
extern "C" halfulp::Ranks* halfulp_join_ranks() { return std::make_unique<halfulp::MpiRanks>().release(); }
