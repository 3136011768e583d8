"""A process that locks the one row of a table, says so, and at every line it reads asks the database once more.

Run as `python row_holder.py URL`; it says `held`, then `fine` or the code of the error it got.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent.parent))

from engine.domain.errors import EngineError  # noqa: E402
from engine.store.database import open_database, transaction  # noqa: E402


def main(url: str) -> None:
    try:
        with transaction(open_database(url)) as connection:
            connection.exec_driver_sql("UPDATE held SET n = n + 1")
            print("held", flush=True)
            for _ in sys.stdin:
                connection.exec_driver_sql("SELECT 1")
                print("fine", flush=True)
    except EngineError as error:
        print(error.code, flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
