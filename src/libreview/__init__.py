"""libreview: literature review on plain files.

`Review` is the door to the Python API; the deeds in `libreview.deeds` are its verbs.
"""

from __future__ import annotations

from typing import Any

from libreview.words.rooms import load

__version__ = "0.1.0"
__all__ = ["Review", "__version__"]


def __getattr__(name: str) -> Any:  # noqa: ANN401
    if name == "Review":
        return load("libreview.review").Review
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
