"""The program that test_kill.py kills: imports every file of a folder, accepts an outcome after each, then takes a turn, again and again.

Each line it prints was acknowledged: what the line names must never be lost.
"""

from __future__ import annotations

import sys
from pathlib import Path

from tests.loop.fake_task import NOW, bring, bring_people, make_run, make_task

from productloop.learning.constant import CONSTANT
from productloop.learning.logistic import LOGISTIC
from productloop.loop.arrivals import drain
from productloop.loop.feedback import post_outcomes
from productloop.loop.store import Store
from productloop.loop.turn import turn


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def main(root: Path, files: Path) -> None:
    store = Store(root)
    store.count("events")
    say("ready")
    for path in sorted(files.iterdir()):
        (bring_people if path.name.startswith("people") else bring)(store, path)
        say(f"imported {path.name}")
        post_outcomes(store, [{"subject": "u0001", "task": "kept", "value": path.name}], NOW)
        say(f"accepted {path.name}")
    drain(store, NOW)
    say("drained")
    (result,) = turn(make_run(store), (make_task(CONSTANT, LOGISTIC),))
    say(f"turned {result.verdict}")
    store.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
