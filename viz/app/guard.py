"""Who may speak to the page, and what it may load: every request and every socket passes here first.

On this machine alone nobody is asked anything, but a page of another site, which a browser on this machine has open, may not
speak to it in its visitor's name: the host that a request names must be this one's, and what a request comes from the same.
Opened to others (`--host`), it wants the token of the address that was printed, once; a cookie keeps it after that, and no other
site has it, whatever name it gives this one. Whoever is let in is let in to the page, and to nothing else that is served with it.
"""

import hmac
from collections.abc import Awaitable, Callable, MutableMapping
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import parse_qs, urlparse

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

COOKIE = "policysim-token"
OWN_HOSTS = ("127.0.0.1", "localhost", "[::1]")
"""Names of this machine for itself, without port."""
PAGE, PARTS = ("/", "/readyz"), ("/static/", "/_solara/cdn/", "/_solara/api/close/", "/jupyter/")
"""All that may be asked for: the page and what begins with PARTS, which it is made of. The server beneath would tell more."""
MOST_BYTES = 1_000_000
"""Of one message or request: a regime's file has a few thousand."""
POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self' 'unsafe-inline' 'unsafe-eval'",  # Vue makes its templates in the browser
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "connect-src 'self'",
        "object-src 'none'",
        "base-uri 'self'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    )
)
"""Nothing is loaded from, or sent to, any other place than this server."""
HEADERS = (
    (b"content-security-policy", POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
)


class Guard:
    """Lets through what comes from the page itself, and says in a sentence what is missing from anything else.

    token: what visitors must bring; without one they must come from this machine.
    """

    def __init__(self, app: App, token: str = ""):
        self.app, self.token = app, token

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request or socket."""
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
        refusal = self._refusal(headers, scope)
        if refusal:
            await _refuse(scope, send, *refusal)
            return
        await self.app(scope, receive, self._with_headers(scope, send))

    def _refusal(self, headers: dict[str, str], scope: Scope) -> tuple[int, str] | None:
        host = headers.get("host", "")
        if not self.token and _name(host) not in OWN_HOSTS:
            return 421, "This page is not to be had under that name."
        origin = headers.get("origin")
        if origin is not None and urlparse(origin).netloc != host:
            return 403, "Another site may not speak to this page."
        if not _is_small(headers.get("content-length", "0")):
            return 413, f"That is too large: at most {MOST_BYTES:,} bytes."
        if self.token and not self._has_token(headers, scope):
            return 401, "Open this page with the whole address that was given to you, token and all."
        if scope["path"] not in PAGE and not scope["path"].startswith(PARTS):
            return 404, "There is nothing of the page under this address."
        return None

    def _has_token(self, headers: dict[str, str], scope: Scope) -> bool:
        return any(
            hmac.compare_digest(one.encode(), self.token.encode()) for one in (_asked(scope), _kept(headers)) if one
        )

    def _with_headers(self, scope: Scope, send: Send) -> Send:
        async def sent(message: Message) -> None:
            if message["type"] == "http.response.start":
                more = list(HEADERS)
                if self.token and _asked(scope):
                    more.append((b"set-cookie", f"{COOKIE}={self.token}; Path=/; HttpOnly; SameSite=Strict".encode()))
                message = {**message, "headers": [*message["headers"], *more]}
            await send(message)

        return sent


def _name(host: str) -> str:
    """A host without its port."""
    return host.rpartition(":")[0] if not host.endswith("]") and ":" in host else host


def _is_small(length: str) -> bool:
    return length.isdecimal() and int(length) <= MOST_BYTES


def _asked(scope: Scope) -> str:
    """The token in the address."""
    return parse_qs(scope.get("query_string", b"").decode("latin-1")).get("token", [""])[0]


def _kept(headers: dict[str, str]) -> str:
    """The token in the cookie."""
    try:
        found = SimpleCookie(headers.get("cookie", "")).get(COOKIE)
    except CookieError:
        return ""
    return found.value if found else ""


async def _refuse(scope: Scope, send: Send, status: int, words: str) -> None:
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 1008, "reason": words})
        return
    body = words.encode()
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", str(len(body)).encode()), *HEADERS]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
