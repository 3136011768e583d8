"""`python -m web.assets`: build the front end, unless it is built already."""

import sys

from web.assets.build import NoNode, build


def main() -> int:
    """Build; 0 = built or up to date, 1 = no Node or the build failed."""
    try:
        print(build())
    except NoNode as missing:
        print(missing, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
