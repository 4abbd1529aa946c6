"""What all tests share: hypothesis without deadlines, since the machine that runs them may be busy with others."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("house", deadline=None, print_blob=True)
settings.load_profile("house")
