import pytest

from aquiver.store import open_store
from tests.influx import new_bucket


@pytest.fixture(scope="module")
def bucket(tmp_path_factory):
    opened = open_store(new_bucket(), tmp_path_factory.mktemp("data"))
    yield opened
    opened.close()
