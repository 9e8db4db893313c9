"""What is asked wrongly gets one sentence and a 4xx; what is no asset cannot be had."""

import json

import pytest

from dashboards.page.app import PAGES
from dashboards.page.assets import FOLDER, read_assets
from tests.page.house import client

ABOUT = "/api/v1/about"


@pytest.mark.parametrize(
    "path",
    [
        "/assets/../app.py",
        "/assets/%2e%2e/app.py",
        "/assets/..%2f..%2fphrases%2fpage.py",
        "/assets//etc/passwd",
        "/assets/vendor/",
        "/assets",
        "/assets/page.css%00.js",
        "/etc/passwd",
        "/api/v1",
        "/api/v1/none",
        "/api/v2/about",
    ],
)
async def test_what_is_not_there_is_a_404_in_json(path):
    async with client() as page:
        answer = await page.get(path)
    assert answer.status_code == 404
    assert answer.json()["error"]


async def test_a_wrong_method_is_a_405_that_says_which():
    async with client() as page:
        answer = await page.delete(ABOUT)
    assert answer.status_code == 405
    assert "GET" in answer.headers["allow"]


async def test_an_unknown_question_names_itself():
    async with client() as page:
        assert (await page.get("/")).status_code == 200
        answer = await page.get("/api/v1/about?x=1")
    assert answer.status_code in {200, 400}


async def test_an_asset_that_has_not_changed_is_not_sent_again():
    async with client() as page:
        first = await page.get("/assets/page.css")
        again = await page.get("/assets/page.css", headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


async def test_every_page_opens():
    async with client() as page:
        for path in PAGES:
            answer = await page.get(path)
            assert answer.status_code == 200
            assert answer.headers["content-type"].startswith("text/html")


def test_every_asset_has_a_type():
    files = {path.relative_to(FOLDER).as_posix() for path in FOLDER.rglob("*") if path.is_file()}
    assert files == set(read_assets())


async def test_the_description_names_every_route():
    async with client() as page:
        found = (await page.get("/api/v1/openapi.json")).json()
    assert found["openapi"] == "3.1.0"
    assert {"/api/v1/about", "/api/v1/tonight"} <= set(found["paths"])
    assert "#/components/schemas/About" in json.dumps(found)
