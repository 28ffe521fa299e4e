"""What registers and web pages answer when they are asked for a publication, read as records. One room for each kind of answer.

Every room has ``read(data)``: it returns an `Answer`, or None where the register says that there is no such publication; ValueError
is raised for what is no answer of that kind at all. What comes from the network is untrusted: `plain` bounds and cleans every text.
"""

from __future__ import annotations

from libreview.texts.answers.answer import Answer
from libreview.texts.answers.plain import filled

__all__ = ["Answer", "filled"]
