"""What came of the last thing that was done, where whoever did it looks for an answer."""
# ruff: noqa: N802  (components are named like classes)

from html import escape

import solara

from policysim.viz.app.workshop.shop import Shop


@solara.component
def Message(shop: Shop) -> None:
    """A sentence; read out by screen readers as it comes."""
    said = shop.said.value
    with solara.v.Html(tag="div", class_="ps-shop-message", attributes={"role": "alert" if said.fault else "status"}):
        if said.text:
            kind = "ps-fault" if said.fault else "ps-build-done"
            solara.HTML(tag="p", unsafe_innerHTML=escape(said.text), classes=[kind])
