"""Digests of bytes. Loaded only where something is read or written: it brings a cryptographic library with it."""

from __future__ import annotations

from hashlib import blake2b, sha256

__all__ = ["hexadecimal", "short"]


def hexadecimal(content: bytes) -> str:
    """Return the SHA-256 (FIPS 180-4) of ``content``, in 64 hexadecimal digits."""
    return sha256(content).hexdigest()


def short(content: bytes) -> bytes:
    """Return 16 bytes of BLAKE2b (RFC 7693) of ``content``: quick, to see whether a file has changed."""
    return blake2b(content, digest_size=16).digest()
