"""``python -m libreview``."""

from __future__ import annotations

from libreview.cli import main

if __name__ == "__main__":
    main()
