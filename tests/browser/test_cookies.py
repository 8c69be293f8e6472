"""Step 8 in a real browser: a page from somewhere else steals a token and transfers money; then the same page gets nothing.

The attacker's site is asked for under two names. 127.0.0.1 with another port is another origin but the same *site*, which is all that
SameSite looks at; localhost is another site as well.
"""

from __future__ import annotations

import pytest
import pytest_asyncio
from playwright.async_api import async_playwright

from jwt_demo.stages import cookies, naive_cookies
from jwt_demo.stages.cookies import COOKIE, CSRF_COOKIE, TRANSFERS
from jwt_demo.stages.parts import attacker
from jwt_demo.stages.parts.attacker import LOOT, message_that_steals
from tests.browser.lab import CHROMIUM_ARGUMENTS

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

PASSWORD = "password"
SAME_SITE, OTHER_SITE = "127.0.0.1", "localhost"


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def browser(chromium):
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=chromium, args=CHROMIUM_ARGUMENTS
        )
        yield browser
        await browser.close()


@pytest_asyncio.fixture(loop_scope="session")
async def page(browser):
    """A page of a fresh profile: no cookies, no storage."""
    profile = await browser.new_context()
    yield await profile.new_page()
    await profile.close()


@pytest.fixture
async def naive(serving, key, users):
    return await serving(naive_cookies.make_app(key=key, users=users), name="naive")


@pytest.fixture
async def server(serving, key, users):
    return await serving(cookies.make_app(key=key, users=users), name="mended")


@pytest.fixture
async def attack(serving):
    """`await attack(target)`: the attacker's site, which is after that server."""

    async def start(target):
        return await serving(attacker.make_app(target.url), name="attacker")

    return start


async def log_in(page, server):
    """As a visitor does: open the board, fill in the form."""
    await page.goto(f"{server.url}/board")
    await page.fill("input[name=password]", PASSWORD)
    await page.click("button")
    await page.locator("#state", has_text="logged in").wait_for()


async def log_in_by_cookie(page, server):
    await page.goto(f"{server.url}/board")
    status = await page.evaluate(
        "async (fields) => (await fetch('/session', {method: 'POST', body: new URLSearchParams(fields)})).status",
        {"email": "user@email.com", "password": PASSWORD},
    )
    assert status == 200


async def visit(page, site, host):
    """Open the attacker's page under this name, and wait until what it submits has been answered."""
    async with page.expect_response(
        lambda response: response.url.endswith("/transfer")
    ) as answered:
        await page.goto(f"http://{host}:{site.port}/", wait_until="commit")
    await page.wait_for_url("**/transfer")
    return (await answered.value).status


async def test_script_in_a_message_steals_a_token_from_local_storage(page, naive, attack):
    """Cross-site scripting: whoever reads the board hands over the token, and the attacker uses it from anywhere."""
    site = await attack(naive)
    await naive.post("/board", data={"message": message_that_steals(site.url)})
    await log_in(page, naive)
    async with page.expect_response(lambda response: response.url == f"{site.url}/loot"):
        await page.goto(f"{naive.url}/board")
    stolen = site.app[LOOT][-1]["localStorage"]
    answer = await naive.get("/get-user", headers={"Authorization": f"Bearer {stolen}"})
    assert answer.json() == {"user": "User id=1: <user@email.com, is_admin=False>"}


async def test_script_in_a_message_steals_a_cookie_it_can_read(page, naive, attack):
    """A cookie without HttpOnly is no better a place."""
    site = await attack(naive)
    await naive.post("/board", data={"message": message_that_steals(site.url)})
    await log_in_by_cookie(page, naive)
    async with page.expect_response(lambda response: response.url == f"{site.url}/loot"):
        await page.goto(f"{naive.url}/board")
    name, _, stolen = site.app[LOOT][-1]["cookie"].partition("=")
    assert name == "token"
    assert (
        await naive.get("/get-user", headers={"Authorization": f"Bearer {stolen}"})
    ).status == 200


async def test_the_mended_board_shows_the_message_and_runs_nothing(page, server, attack):
    """The same message is text; the attacker hears nothing, and the visitor is logged in with nothing in localStorage."""
    site = await attack(server)
    message = message_that_steals(site.url)
    await server.post("/board", data={"message": message})
    await log_in(page, server)
    await page.reload()
    assert await page.text_content("#messages li") == message
    assert await page.evaluate("localStorage.length") == 0
    assert await page.evaluate("(async () => (await fetch('/get-user')).status)()") == 200
    assert site.app[LOOT] == []


async def test_a_policy_stops_script_that_escaping_forgot(page, server, attack):
    """Content-Security-Policy: an attribute with script in it stays without effect, and says so in the console."""
    site = await attack(server)
    await page.goto(f"{server.url}/board")
    async with page.expect_console_message(
        lambda message: "Content Security Policy" in message.text
    ):
        await page.evaluate(
            "(message) => { document.getElementById('messages').innerHTML = message }",
            message_that_steals(site.url),
        )
    assert site.app[LOOT] == []


async def test_script_cannot_read_an_http_only_cookie_but_can_use_it(page, server):
    """What HttpOnly is worth: the token cannot be carried away. Script that does run acts as the visitor all the same, while the page is open."""
    await log_in(page, server)
    readable = await page.evaluate("document.cookie")
    assert [part.split("=")[0] for part in readable.split("; ")] == [CSRF_COOKIE]
    held = {cookie["name"]: cookie for cookie in await page.context.cookies()}
    assert held[COOKIE]["value"] not in readable
    status = await page.evaluate(
        """async (name) => {
          const proof = document.cookie.split("; ").find((part) => part.startsWith(name + "=")).slice(name.length + 1);
          const body = new URLSearchParams({to: "friend@email.com", amount: "5"});
          return (await fetch("/transfer", {method: "POST", body, headers: {"X-CSRF-Token": proof}})).status;
        }""",
        CSRF_COOKIE,
    )
    assert status == 201


async def test_the_browser_keeps_the_cookies_as_they_were_meant(page, server):
    """Chromium takes Secure and `__Host-` cookies from http://127.0.0.1 and sends them back there; measured, because not every browser does."""
    await log_in(page, server)
    held = {
        cookie["name"]: (cookie["httpOnly"], cookie["secure"], cookie["sameSite"])
        for cookie in await page.context.cookies()
    }
    assert held == {COOKIE: (True, True, "Lax"), CSRF_COOKIE: (False, True, "Lax")}


@pytest.mark.parametrize("host", [SAME_SITE, OTHER_SITE])
async def test_a_page_from_elsewhere_transfers_in_the_visitors_name(page, naive, attack, host):
    """Cross-site request forgery: nothing is stolen, the browser itself brings the cookie along, from another port and another site."""
    site = await attack(naive)
    await log_in_by_cookie(page, naive)
    assert await visit(page, site, host) == 201
    assert naive.app[TRANSFERS] == [
        {"from": "user@email.com", "to": "attacker@example.com", "amount": "100"}
    ]


@pytest.mark.parametrize("host", [SAME_SITE, OTHER_SITE])
async def test_the_same_page_transfers_nothing_any_more(page, server, attack, host):
    """From another site SameSite keeps the cookie back; from another port it comes along, and only the Origin check stands there."""
    site = await attack(server)
    await log_in(page, server)
    assert await visit(page, site, host) == 403
    assert server.app[TRANSFERS] == []
    exchange = next(one for one in reversed(server.exchanges) if one.path == "/transfer")
    headers = {name.lower(): value for name, value in exchange.request_headers}
    assert headers["origin"] == f"http://{host}:{site.port}"
    assert (COOKIE in headers.get("cookie", "")) == (host == SAME_SITE)
    await page.goto(f"{server.url}/board")
    assert await page.evaluate("(async () => (await fetch('/get-user')).status)()") == 200, (
        "the visitor is still logged in"
    )


async def test_a_port_is_no_wall_for_cookies(page, server, attack):
    """RFC 6265 §8.5: whoever serves another port of the same host is sent the cookies, the HttpOnly one too. Other hosts are not."""
    site = await attack(server)
    await log_in(page, server)
    token = next(
        cookie["value"] for cookie in await page.context.cookies() if cookie["name"] == COOKIE
    )
    for host, seen in ((SAME_SITE, True), (OTHER_SITE, False)):
        await page.goto(f"http://{host}:{site.port}/loot")
        exchange = [one for one in site.exchanges if one.path == "/loot"][-1]
        assert (token in dict(exchange.request_headers).get("Cookie", "")) == seen


async def test_a_page_on_another_port_reads_the_proof(page, server, attack):
    """The cookie with the proof is not HttpOnly, and a cookie knows no ports: only the Origin check tells this page from ours."""
    site = await attack(server)
    await log_in(page, server)
    for host, names in ((SAME_SITE, [CSRF_COOKIE]), (OTHER_SITE, [])):
        await page.goto(f"http://{host}:{site.port}/loot")
        readable = await page.evaluate("document.cookie")
        assert [part.partition("=")[0] for part in readable.split("; ") if part] == names
