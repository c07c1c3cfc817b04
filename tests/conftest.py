"""Settings of all tests."""

from hypothesis import settings

# The time that an example takes on a busy machine is no law.
settings.register_profile("secant", deadline=None)
settings.load_profile("secant")
