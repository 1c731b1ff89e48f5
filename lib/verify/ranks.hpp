#pragma once

#include <string>
#include <vector>

namespace halfulp {

/// What a thread of a rank tells rank 0, or hears from it. The rank as a whole is its thread 0.
struct Letter {
    unsigned rank, thread;  ///< who tells or hears it
    std::string text;       ///< of the forms that rank_desk.cpp lists
};

/// Processes that were started together, numbered from 0, as far as a campaign needs them: everyone writes to rank 0, which
/// answers. Letters of a rank arrive in the order in which they were sent. Thread-safe.
class Ranks {
  public:
    Ranks() = default;
    Ranks(const Ranks&) = delete;
    Ranks& operator=(const Ranks&) = delete;
    virtual ~Ranks() = default;

    virtual unsigned rank() const = 0;  ///< this process's
    virtual unsigned size() const = 0;  ///< how many there are

    /// Waits for letters to rank 0; all that have arrived.
    virtual std::vector<Letter> letters() = 0;
    /// From rank 0.
    virtual void answer(const Letter& letter) = 0;

    /// To rank 0.
    virtual void write(unsigned thread, const std::string& text) = 0;
    /// Waits for rank 0's answer to a thread.
    virtual std::string answer_to(unsigned thread) = 0;
};

}  // namespace halfulp
