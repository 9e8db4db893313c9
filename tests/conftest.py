"""What holds for every test."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from filelock import FileLock
from hypothesis import HealthCheck, settings

from tests.influx import OTHER

# A law is no race: how long one example takes depends on what else the machine does.
settings.register_profile("ours", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("ours")

_LONGEST = ("tests/system", "tests/page", "tests/collector/sources", "tests/collector/test_stamps")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the files that take longest, so that no worker is left alone with one at the end."""
    items.sort(key=lambda item: not item.nodeid.startswith(_LONGEST))


@pytest.fixture(scope="module", autouse=True)
def _alone_in_the_bucket(request: pytest.FixtureRequest) -> Iterator[None]:
    """Let one module at a time use the one bucket of a server that was named; on our own each has one for itself."""
    if OTHER is None or not hasattr(request.module, "new_bucket"):
        yield
        return
    with FileLock(Path(tempfile.gettempdir()) / "aquiver-tests-influx.lock"):
        yield
