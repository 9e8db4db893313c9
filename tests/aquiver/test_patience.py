"""A disk that refuses costs delay, not data."""

import logging

from aquiver import patience
from aquiver.patience import until_done


async def test_work_is_tried_again_until_the_disk_takes_it(monkeypatch, caplog):
    monkeypatch.setattr(patience, "RETRY_S", 0.01)
    tries = []

    def work() -> None:
        tries.append(1)
        if len(tries) < 3:
            raise OSError(28, "No space left on device")

    with caplog.at_level(logging.ERROR):
        await until_done(work, "the store cannot be written")
    assert len(tries) == 3
    assert "the store cannot be written" in caplog.text
    assert "No space left" in caplog.text
