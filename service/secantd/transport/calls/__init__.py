"""Where a call runs: on the event loop, in a thread or in a process, as soon as there is a place for it."""
