"""Every check of the project, in one command: ``python tests/run.py``.

Runs all of them even if one fails; ends with status 1 if any did. The tests come last, so that what
pytest says stands at the end. Words after the command are handed to pytest.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent

CHECKS: tuple[tuple[str, ...], ...] = (
    ("ruff", "check", "."),
    ("ruff", "format", "--check", "."),
    ("mypy",),
    ("lint-imports",),
    ("pytest", "--cov", "-n", "2"),
)


def main(words: list[str]) -> int:
    failed: list[str] = []
    for name, *arguments in CHECKS:
        more = words if name == "pytest" else []
        line = " ".join((name, *arguments, *more))
        print(f"== {line}", flush=True)
        if subprocess.run([BIN / name, *arguments, *more], cwd=ROOT, check=False).returncode:
            failed.append(line)
    if failed:
        print("failed: " + "; ".join(failed), file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
