#pragma once

#include <optional>
#include <string>

// The events of the fake driver, by whose clock each launch takes a millisecond.

namespace halfulp::test {

/// CUresult, cuda.h.
enum Result {
    success = 0,
    invalid_value = 1,
    out_of_memory = 2,
    no_device = 100,
    invalid_image = 200,
    not_found = 500,
    illegal_address = 700
};

class FakeClock {
  public:
    unsigned launches = 0;
    int events = 0;        ///< created and not destroyed
    std::string failing;   ///< a function that fails,
    int calls_before = 0;  ///< after so many calls

    int create(void** event) {
        if (fails("cuEventCreate")) return invalid_value;
        *event = new Event;
        ++events;
        return success;
    }
    int destroy(void* event) {
        delete static_cast<Event*>(event);
        --events;
        return success;
    }
    int record(void* event) {
        static_cast<Event*>(event)->launches = launches;
        return fails("cuEventRecord") ? invalid_value : success;
    }
    int synchronize(void* event) {
        static_cast<Event*>(event)->awaited = true;
        return fails("cuEventSynchronize") ? invalid_value : success;
    }
    int elapsed(float* milliseconds, void* start, void* end) {
        const auto &from = *static_cast<Event*>(start), &to = *static_cast<Event*>(end);
        if (fails("cuEventElapsedTime") || !from.launches || !to.launches || !to.awaited) return invalid_value;
        *milliseconds = static_cast<float>(*to.launches - *from.launches);
        return success;
    }

  private:
    struct Event {
        std::optional<unsigned> launches;  ///< before it was recorded
        bool awaited = false;
    };

    bool fails(const char* function) { return failing == function && calls_before-- == 0; }
};

}  // namespace halfulp::test
