from collections.abc import Iterator

import pytest

from detector.dsp.compiling import CHOICE, PLAIN, loops


@pytest.fixture(scope="module", params=["plain", "compiled"], autouse=True)
def way(request: pytest.FixtureRequest) -> Iterator[str]:
    """Whatever holds of the detector holds with compiled loops and without."""
    if request.param == "compiled":
        pytest.importorskip("numba", reason="numba is not installed: nothing is compiled here")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(CHOICE, PLAIN if request.param == "plain" else "")
        loops.cache_clear()
        yield request.param
    loops.cache_clear()
