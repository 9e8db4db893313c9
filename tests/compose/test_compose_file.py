"""docker-compose.yml is sound: pinned, locked down, without a secret, and everything it names is there."""

import re
import subprocess

import pytest
import yaml

from aquiver.commands.services import SERVICES
from aquiver.handout import HANDOUTS
from tests.compose.composed import DOCKERFILE, ROOT, composed, interpolated, services
from tests.servers import DCLINT, needs_dclint

ALL = services()
LASTING = {name: one for name, one in ALL.items() if not one.ends_by_itself}
each = pytest.mark.parametrize("service", ALL.values(), ids=list(ALL))


@needs_dclint
def test_the_compose_specification_and_its_linter_find_nothing():
    command = ["node", DCLINT, "-c", ROOT / "tests" / "compose" / "dclint.json", ROOT / "docker-compose.yml"]
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout.strip()) == (0, ""), done.stdout + done.stderr


def test_every_service_of_ours_has_a_container():
    run = {one.given["command"][1] for one in ALL.values() if one.given.get("command", [""])[0] == "run"}
    assert run == set(SERVICES)


@each
def test_images_are_ours_or_pinned_to_one_version(service):
    if service.is_ours:
        assert (service.given["image"], service.given["build"]) == ("aquiver:local", ".")
    else:
        assert re.fullmatch(r"[\w/-]+:\d+\.\d+\.\d+", service.given["image"])


def test_influxdb_is_the_one_whose_queries_the_boards_speak():
    assert ALL["influxdb"].given["image"].startswith("influxdb:2.")
    assert ALL["grafana"].given["image"].startswith("grafana/grafana:12.")


@each
def test_nobody_is_root_or_can_become_it_or_change_what_is_not_theirs(service):
    assert service.given["user"] == "1000:1000"
    assert service.given["read_only"] is True
    assert service.given["cap_drop"] == ["ALL"]
    assert "no-new-privileges=true" in service.given["security_opt"]
    assert "privileged" not in service.given
    assert "cap_add" not in service.given


@each
def test_whoever_lasts_is_asked_whether_it_lives_and_started_again(service):
    if service.ends_by_itself:
        assert service.given["healthcheck"] == {"disable": True}
    else:
        assert service.given["restart"] == "unless-stopped"
        assert service.given["healthcheck"]["test"][0] == "CMD"


@each
def test_ports_are_open_to_this_machine_alone(service):
    assert all(port.startswith("127.0.0.1:") for port in service.given.get("ports", ()))


@each
def test_no_secret_stands_in_the_environment(service):
    for name, value in service.environment.items():
        if re.search(r"PASSWORD|TOKEN|SECRET|_KEY", name):
            assert value.startswith("/secrets/") or value in {"true", "false"}, name


@each
def test_everyone_has_their_own_secrets_and_cannot_change_them(service):
    mine = [one for one in service.mounts if one.source.startswith("secrets-")]
    if service.name == "secrets":
        assert {one.source.removeprefix("secrets-") for one in mine} == {*HANDOUTS, "keep", "mosquitto"}
    else:
        expected = {"collector-demo": "collector"}.get(service.name, service.name)
        assert [(one.target, one.mode) for one in mine if one.source == f"secrets-{expected}"] == [
            (f"/secrets/{expected}", "ro") for _ in mine
        ]


@each
def test_everything_that_is_named_is_there(service):
    whole = composed()
    assert set(service.networks) <= set(whole["networks"])
    assert set(service.given.get("depends_on", ())) <= set(ALL)
    for one in service.mounts:
        if one.is_named:
            assert one.source in whole["volumes"]
        elif one.source.startswith("."):
            assert (ROOT / one.source).exists(), one.source


def test_every_volume_and_network_is_used():
    whole = composed()
    assert set(whole["volumes"]) == {mount.source for one in ALL.values() for mount in one.mounts if mount.is_named}
    assert set(whole["networks"]) == {name for one in ALL.values() for name in one.networks}


def test_what_is_measured_has_no_way_out():
    assert composed()["networks"]["inside"] == {"internal": True}
    reach_out = {name for name, one in ALL.items() if "outside" in one.networks}
    assert reach_out == {"mosquitto", "influxdb", "grafana", "notify"}


def test_nobody_who_waits_for_another_waits_for_one_of_another_profile():
    for one in ALL.values():
        for other in one.given.get("depends_on", ()):
            assert set(ALL[other].given.get("profiles", ())) <= set(one.given.get("profiles", ()))


def test_the_demo_and_the_bands_are_apart():
    assert {tuple(ALL[name].given["profiles"]) for name in ("collector", "collector-demo")} == {
        ("bluetooth",),
        ("demo",),
    }
    assert "virtual:" in (ROOT / "compose" / "demo.toml").read_text()
    assert ALL["collector"].environment["AQUIVER_RADIO"] == "system:"
    mine = services(AQUIVER_SETTINGS="./aquiver.example.toml")
    assert {mount.source for mount in mine["collector"].mounts if not mount.is_named} >= {"./aquiver.example.toml"}
    assert "./aquiver.example.toml" not in {mount.source for mount in mine["collector-demo"].mounts}


def test_the_readme_and_the_manual_name_the_line_that_brings_it_up():
    for page in ("README.md", "docs/compose.md"):
        assert "docker compose --profile demo up" in (ROOT / page).read_text()


def test_every_variable_that_may_be_set_is_in_the_manual():
    named = set(re.findall(r"\$\{(\w+)", (ROOT / "docker-compose.yml").read_text()))
    manual = (ROOT / "docs" / "compose.md").read_text()
    assert all(f"`{name}`" in manual for name in named)


def test_variables_are_put_in_as_compose_does():
    assert interpolated("${A:-b}/${A}", {}) == "b/"
    assert interpolated("${A:-b}/${A}", {"A": "c"}) == "c/c"


def test_the_script_for_influxdb_may_be_run_and_is_a_shells():
    script = ROOT / "compose" / "influxdb-accounts.sh"
    assert script.stat().st_mode & 0o111
    assert subprocess.run(["sh", "-n", script], check=False).returncode == 0


def test_ignored_for_the_image_is_all_but_what_it_copies():
    kept = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    copied = re.findall(r"^COPY (?!--from)(.+) \S+$", DOCKERFILE, re.MULTILINE)
    assert kept == {word for line in copied for word in line.split()}


def test_the_file_is_plain_yaml():
    assert yaml.safe_load((ROOT / "docker-compose.yml").read_text())["name"] == "aquiver"


def test_the_address_opens_on_tonight_and_the_boards_are_where_grafana_looks():
    place = {mount.target: mount.source for mount in ALL["grafana"].mounts}
    (provider,) = yaml.safe_load((ROOT / "dashboards/grafana/provisioning/dashboards/aquiver.yaml").read_text())[
        "providers"
    ]
    home = ALL["grafana"].environment["GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH"]
    for path in (home, provider["options"]["path"], ALL["grafana"].environment["GF_PATHS_PROVISIONING"]):
        assert (ROOT / path.replace("/etc/aquiver/grafana", place["/etc/aquiver/grafana"])).exists(), path


def test_grafana_asks_the_store_of_the_house_with_an_account_that_may_only_read():
    folder = ROOT / "dashboards" / "grafana" / "provisioning" / "datasources"
    sources = [one for file in folder.glob("*.yaml") for one in yaml.safe_load(file.read_text())["datasources"]]
    (source,) = [one for one in sources if one["url"] == "https://influxdb:8086"]
    script = (ROOT / "compose" / "influxdb-accounts.sh").read_text()
    assert f"--username {source['basicAuthUser']} " in script
    assert "--read-bucket" in script
    assert "--write-bucket" not in script
    assert source["jsonData"]["dbName"] == ALL["influxdb"].environment["DOCKER_INFLUXDB_INIT_BUCKET"]
    files = {re.fullmatch(r"\$__file\{/secrets/grafana/(.+)\}", one)[1] for one in source["secureJsonData"].values()}
    assert files <= set(HANDOUTS["grafana"])
    assert HANDOUTS["grafana"]["influx-password"] == HANDOUTS["influxdb"]["grafana-password"]
