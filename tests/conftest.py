"""What holds for every test."""

import pytest
from hypothesis import HealthCheck, settings

# A law is no race: how long one example takes depends on what else the machine does.
settings.register_profile("ours", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("ours")

_LONGEST = ("tests/system", "tests/page", "tests/collector/sources", "tests/collector/test_stamps")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the files that take longest, so that no worker is left alone with one at the end."""
    items.sort(key=lambda item: not item.nodeid.startswith(_LONGEST))
