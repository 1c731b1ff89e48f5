#pragma once

/// Has SIGINT, SIGTERM and SIGHUP end the program as they do without, but not without a line of text. Who ignores them, as
/// nohup does, goes on.
void tell_interruptions();
