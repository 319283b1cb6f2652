"""The page: choose a place and regimes, press Run, see what follows. `serve()` opens it on this machine."""

from policysim.viz.app.server import serve

__all__ = ["serve"]
