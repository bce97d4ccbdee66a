"""Settings of all tests."""

from hypothesis import settings

# A time limit on each example would fail at random on a busy machine; benchmarks measure speed.
settings.register_profile("sco-notes", deadline=None)
settings.load_profile("sco-notes")
