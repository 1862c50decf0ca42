"""`python -m circuits.pins` rewrites the pins; `--check` only compares (exit 1 if they differ)."""

from __future__ import annotations

import argparse
import sys

from circuits import pins


def main() -> int:
    """Rewrite or compare, and print what differs."""
    parser = argparse.ArgumentParser(prog="python -m circuits.pins", description=__doc__)
    parser.add_argument("--check", action="store_true", help="compare, change nothing")
    check_only = parser.parse_args().check
    old = pins.pinned() if pins.PINS_FILE.exists() else {}
    new = pins.measured()
    changed = pins.differences(old, new)
    print("\n".join(changed) or "the pins are up to date")
    if check_only:
        return 1 if changed else 0
    pins.write(new)
    return 0


if __name__ == "__main__":
    sys.exit(main())
