"""`python -m tests.bench.poll.feedwatch_child SETTINGS`, then a word a line: `poll`, or `next week`: all is due.

As small as the script that starts the daemon: every worker process imports it.
"""

import sys
from pathlib import Path

if __name__ == "__main__":
    from tests.bench.poll.feedwatch_session import main

    main(Path(sys.argv[1]))
