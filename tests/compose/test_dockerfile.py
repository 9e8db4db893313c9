"""The Dockerfile is sound: pinned, two stages, nobody is root, no secret in a layer, every folder of a volume is there."""

import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from aquiver.handout import HANDOUTS
from tests.compose.composed import DOCKERFILE, ROOT, services

LINES = [line.strip() for line in DOCKERFILE.replace("\\\n", " ").splitlines() if line and not line.startswith("#")]
HADOLINT = Path(sys.executable).with_name("hadolint")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())


@pytest.mark.skipif(not HADOLINT.exists(), reason="hadolint is not installed (there is a wheel for Linux on x86-64)")
def test_hadolint_finds_nothing():
    done = subprocess.run([HADOLINT, ROOT / "Dockerfile"], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "")


def test_both_stages_stand_on_one_pinned_python():
    stages = [line.split()[1] for line in LINES if line.startswith("FROM ")]
    assert len(stages) == 2
    assert len(set(stages)) == 1
    version = re.fullmatch(r"python:(\d+\.\d+)\.\d+-slim-bookworm", stages[0])[1]
    assert f"Programming Language :: Python :: {version}" in PROJECT["project"]["classifiers"]


def test_nothing_is_added_from_afar_and_nothing_secret_is_set():
    assert not [line for line in LINES if line.startswith(("ADD ", "ARG "))]
    assert not re.search(r"ENV .*(PASSWORD|TOKEN)", DOCKERFILE)


def test_the_last_user_is_nobody_of_importance_and_the_last_word_is_ours():
    users = [line for line in LINES if line.startswith("USER ")]
    assert users == ["USER 1000:1000"]
    assert LINES.index(users[0]) > max(index for index, line in enumerate(LINES) if line.startswith("RUN "))
    assert 'ENTRYPOINT ["aquiver"]' in LINES
    assert [line for line in LINES if line.startswith("HEALTHCHECK CMD")]


def test_the_folder_of_every_volume_is_made_and_belongs_to_the_user():
    made = set(re.search(r"install -d -o 1000 -g 1000 -m 0700 (.+?) +&&", " ".join(LINES))[1].split())
    ours = [one for one in services().values() if one.is_ours]
    mounted = {mount.target for one in ours for mount in one.mounts if mount.is_named}
    assert mounted - {"/var/cache/aquiver"} == made - {"/secrets"}
    assert {f"/secrets/{name}" for name in HANDOUTS} <= made


def test_the_image_has_every_package_and_only_extras_there_are():
    copied = {line.split()[1] for line in LINES if line.startswith("COPY ") and "--from" not in line}
    assert set(PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]) <= copied
    extras = set(re.search(r"'\.\[([\w,]+)\]'", DOCKERFILE)[1].split(","))
    assert extras <= set(PROJECT["project"]["optional-dependencies"])
    assert {"influx", "notify", "demo"} <= extras


def test_a_program_that_makes_certificates_is_asked_for_when_the_image_is_made():
    assert "openssl version" in DOCKERFILE
    assert shutil.which("openssl")
