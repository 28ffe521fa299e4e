"""The program: ``libreview``, or ``python -m libreview``."""

from __future__ import annotations

import gc

gc.set_threshold(200_000)  # a run is short and makes many values that stay; modules are among them

from libreview.cli import main  # noqa: E402 (said before anything is loaded)

__all__ = ["main"]

if __name__ == "__main__":
    main()
