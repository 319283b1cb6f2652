"""Who may speak to the page."""

import asyncio
from typing import Any

import pytest

from policysim.viz.app.guard import COOKIE, MOST_BYTES, POLICY, Guard

TOKEN = "a-token-of-tests"


async def page(scope: Any, receive: Any, send: Any) -> None:
    """An application that answers everybody."""
    if scope["type"] == "websocket":
        await send({"type": "websocket.accept"})
        return
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"hello"})


def ask(guard: Guard, kind: str = "http", query: str = "", path: str = "/", **headers: str) -> list[dict[str, Any]]:
    """What is sent back for one request or socket."""
    sent: list[dict[str, Any]] = []

    async def send(message: Any) -> None:
        sent.append(message)

    given = {"host": "127.0.0.1:8765"} | {name.replace("_", "-"): value for name, value in headers.items()}
    scope = {
        "type": kind, "path": path, "query_string": query.encode(),
        "headers": [(name.encode(), value.encode()) for name, value in given.items()],
    }  # fmt: skip
    asyncio.run(guard(scope, None, send))  # type: ignore[arg-type]
    return sent


def status(sent: list[dict[str, Any]]) -> Any:
    first = sent[0]
    return first.get("status", first.get("code", "accepted"))


@pytest.mark.parametrize("host", ["127.0.0.1:8765", "localhost:8765", "localhost", "[::1]:8765"])
def test_this_machine_is_asked_for_nothing(host: str) -> None:
    own = {"host": host, "origin": f"http://{host}"}
    assert status(ask(Guard(page), **own)) == 200
    assert status(ask(Guard(page), "websocket", **own)) == "accepted"


@pytest.mark.parametrize(
    ("headers", "refused"),
    [
        ({"host": "somewhere.example:8765"}, 421),
        ({"host": ""}, 421),
        ({"origin": "http://somewhere.example"}, 403),
        ({"origin": "http://127.0.0.1:9999"}, 403),
        ({"origin": "null"}, 403),
        ({"content_length": str(MOST_BYTES + 1)}, 413),
        ({"content_length": "much"}, 413),
    ],
)
def test_another_site_and_what_is_too_large_are_refused_in_a_sentence(headers: dict[str, str], refused: int) -> None:
    answer = ask(Guard(page), **headers)
    assert status(answer) == refused and answer[1]["body"].endswith((b".", b"bytes."))
    assert status(ask(Guard(page), "websocket", **headers)) == 1008


def test_others_need_the_token_once() -> None:
    guard, elsewhere = Guard(page, TOKEN), {"host": "192.0.2.7:8765"}
    assert status(ask(guard, **elsewhere)) == 401
    assert status(ask(guard, query="token=another", **elsewhere)) == 401
    assert status(ask(guard, "websocket", **elsewhere)) == 1008
    answer = ask(guard, query=f"token={TOKEN}", **elsewhere)
    assert status(answer) == 200
    (cookie,) = [value.decode() for name, value in answer[0]["headers"] if name == b"set-cookie"]
    assert "HttpOnly" in cookie and "SameSite=Strict" in cookie
    kept = {"cookie": cookie.partition(";")[0], "origin": "http://192.0.2.7:8765"}
    assert status(ask(guard, "websocket", **elsewhere, **kept)) == "accepted"
    assert status(ask(guard, **elsewhere, cookie=f"{COOKIE}=another")) == 401


@pytest.mark.parametrize("token", ["", TOKEN])
def test_nothing_is_told_but_the_page(token: str) -> None:
    def answer(path: str, kind: str = "http") -> Any:
        return status(ask(Guard(page, token), kind, f"token={token}", path))

    for path in ("/", "/readyz", "/static/main.js", "/_solara/cdn/vue.js", "/jupyter/api/kernels/1/channels"):
        assert answer(path) == 200
    for path in ("/resourcez", "/resourcez/", "//resourcez", "/docs", "/_solara/api/evict/1", "/_solara/auth/login"):
        assert answer(path) == 404 and answer(path, "websocket") == 1008


def test_every_answer_forbids_to_load_from_elsewhere() -> None:
    for answer in (ask(Guard(page)), ask(Guard(page), host="elsewhere")):
        assert (b"content-security-policy", POLICY.encode()) in answer[0]["headers"]
    assert "http" not in POLICY and "default-src 'self'" in POLICY
