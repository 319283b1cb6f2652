"""How people join with their own devices: a code, an address, and the address as a QR code."""
# ruff: noqa: N802  (components are named like classes)

from typing import Any

import solara

from policysim.viz.app.workshop.parts import Addresses
from policysim.viz.app.workshop.shop import GUEST_MARK, HOST_MARK, NOTES, Shop

LONGEST = 600
"""Letters of an address; no device reads a QR code of many more from across a room."""


@solara.component
def Ways(shop: Shop) -> None:
    """All of them, and for the facilitator the second screen; the browser alone knows by which address others reach it."""
    address, know = solara.use_state("")
    now = shop.round.value
    if now is None:
        return
    Addresses(
        code=now.code, mark=GUEST_MARK, host=f"{HOST_MARK}{now.key}", notes=shop.role.value == NOTES, picture=picture(address),
        event_tell=lambda told: know(str(told)),
    )  # fmt: skip


def picture(address: Any) -> str:
    """An address as a QR code in SVG, as large as its place; nothing where it is none or too long."""
    if not address.startswith(("http://", "https://")) or len(address) > LONGEST:
        return ""
    import segno  # wanted by few: not while the page starts

    return str(segno.make(address, micro=False, error="m").svg_inline(border=3, light="#fff", omitsize=True))
