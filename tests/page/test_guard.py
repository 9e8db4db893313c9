"""Who may ask: this machine's own page; off loopback whoever has the key."""

import pytest

from dashboards.page.app import PAGES
from dashboards.page.guard import COOKIE, Guard
from tests.page.house import HOME, client

KEY = "k" * 32
AWAY = "http://192.168.1.5:8737"
ABOUT = "/api/v1/about"


@pytest.mark.parametrize("path", [*PAGES, ABOUT, "/assets/page.css", "/none"])
async def test_every_answer_has_the_strict_headers(path):
    async with client() as page:
        answer = await page.get(path)
    assert answer.headers["content-security-policy"].startswith("default-src 'none'; script-src 'self'")
    assert "unsafe" not in answer.headers["content-security-policy"]
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "no-referrer"


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:8737", "", "127.0.0.1@evil.example", "[::1", "192.168.1.5"]
)
async def test_a_name_that_is_not_ours_is_refused(host):
    async with client() as page:
        assert (await page.get("/", headers={"host": host})).status_code == 403


@pytest.mark.parametrize("host", ["localhost:8737", "127.0.0.1:8737", "[::1]:8737", "127.0.0.1"])
async def test_loopback_is_ours(host):
    async with client() as page:
        assert (await page.get("/", headers={"host": host})).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": "http://127.0.0.1:9"},
        {"sec-fetch-site": "cross-site"},
    ],
)
async def test_another_page_may_not_say_anything(headers):
    async with client() as page:
        assert (await page.post(ABOUT, headers=headers, json={})).status_code == 403


async def test_our_own_page_may():
    async with client() as page:
        assert (await page.post(ABOUT, headers={"origin": HOME}, json={})).status_code == 405


@pytest.mark.parametrize("path", [*PAGES, ABOUT, "/assets/page.css"])
async def test_off_loopback_nothing_is_given_without_the_key(path):
    async with client(guard=Guard(KEY), base=AWAY) as page:
        assert (await page.get(path)).status_code == 401
        assert (await page.get(path, headers={"cookie": f"{COOKIE}=wrong"})).status_code == 401
        assert (await page.get(path, headers={"authorization": f"Bearer {KEY}"})).status_code == 200


async def test_the_link_with_the_key_gives_a_cookie_that_no_script_and_no_other_site_can_use():
    async with client(guard=Guard(KEY), base=AWAY) as page:
        answer = await page.get(f"/key?key={KEY}")
        assert (answer.status_code, answer.headers["location"]) == (303, "/")
        cookie = answer.headers["set-cookie"].lower()
        assert {"httponly", "samesite=strict"} <= set(cookie.split("; "))
        assert (await page.get("/")).status_code == 200
        assert (await page.get("/key?key=wrong")).status_code == 401


def test_the_key_is_not_shown():
    assert KEY not in repr(Guard(KEY))
