"""Settings of all tests."""

import os

from hypothesis import settings

# The same examples in each run, so that a change fails for what it changes; SECANT_TEST_RANDOM=1 looks for new ones. The time that
# an example takes on a busy machine is no law.
settings.register_profile("same", deadline=None, derandomize=True)
settings.register_profile("random", deadline=None, print_blob=True)
settings.load_profile("random" if os.environ.get("SECANT_TEST_RANDOM") else "same")
