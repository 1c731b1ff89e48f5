#include <halfulp/gpu/device/clock.h>

namespace halfulp::gpu {
namespace {

constexpr double seconds_of_a_millisecond = 1e-3;

/// A place in the default stream, at which the GPU notes the time.
class Event {
  public:
    Event(const DriverApi& api, const std::string& device) : api_(&api) {
        api.check(api->event_create(&event_, 0), device + ": cuEventCreate");
    }
    Event(const Event&) = delete;
    Event& operator=(const Event&) = delete;
    ~Event() { (*api_)->event_destroy(event_); }

    void* get() const { return event_; }

  private:
    const DriverApi* api_;
    void* event_ = nullptr;
};

}  // namespace

double seconds_of(const DriverApi& api, const std::string& device, const std::string& what,
                  const std::function<void()>& start) {
    const auto call = [&](const char* function, int error) { api.check(error, device + ": " + function + ' ' + what); };
    const Event before(api, device), after(api, device);
    call("cuEventRecord before", api->event_record(before.get(), nullptr));
    start();
    call("cuEventRecord after", api->event_record(after.get(), nullptr));
    call("cuEventSynchronize after", api->event_synchronize(after.get()));
    float milliseconds = 0;
    call("cuEventElapsedTime of", api->event_elapsed_time(&milliseconds, before.get(), after.get()));
    return seconds_of_a_millisecond * static_cast<double>(milliseconds);
}

}  // namespace halfulp::gpu
