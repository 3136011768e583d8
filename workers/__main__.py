"""`python -m workers` is `banjie worker`."""

import sys

from engine.cli import main

sys.exit(main(["worker", *sys.argv[1:]]))
