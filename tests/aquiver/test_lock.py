"""One aquiver per data folder, and the second is told who the first is."""

import pytest

from aquiver.errors import DataFolderInUse
from aquiver.lock import sole_owner

ALL = ("collector", "detector", "recorder")


def test_a_second_owner_is_refused_by_name_of_the_first(tmp_path):
    with sole_owner(tmp_path, "aquiver night", ALL):
        with pytest.raises(DataFolderInUse, match=r"in use by aquiver night, process \d+, since 2"):
            with sole_owner(tmp_path, "aquiver run detector", ("detector",)):
                pass


def test_different_parts_may_be_owned_by_different_processes(tmp_path):
    with sole_owner(tmp_path, "one", ("detector",)), sole_owner(tmp_path, "two", ("recorder",)):
        pass


def test_the_folder_is_free_again_afterwards(tmp_path):
    for who in ("first", "second"):
        with sole_owner(tmp_path / "new", who, ALL):
            assert who in (tmp_path / "new" / "recorder.owner").read_text()


def test_a_part_is_free_again_when_another_could_not_be_had(tmp_path):
    with sole_owner(tmp_path, "one", ("detector",)):
        with pytest.raises(DataFolderInUse), sole_owner(tmp_path, "two", ALL):
            pass
        with sole_owner(tmp_path, "three", ("collector",)):
            pass


def test_the_data_folder_is_for_its_owner_only(tmp_path):
    with sole_owner(tmp_path / "new", "first", ALL):
        assert (tmp_path / "new").stat().st_mode & 0o077 == 0
