# bench/client-log.py
# Purpose: what a call of the Python client's `log` costs the thread that calls: `python3 bench/client-log.py [URL]`.
# Why: a client that promises not to slow a training must be measurable on anybody's machine.
# Relevant files: clients/python/tracker.py, bench/README.md

import os
import statistics
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "clients", "python"))
import tracker

BATCHES, CALLS = 10, 20_000


def main(url: str) -> None:
    """Without a URL nobody answers: the journal alone."""
    with tempfile.TemporaryDirectory() as folder:
        run = tracker.start("bench", url=url, dir=folder)
        wall, own, longest = [], [], 0.0
        for batch in range(BATCHES):
            begun, used = time.perf_counter(), time.thread_time()
            for i in range(CALLS):
                run.log({"loss": 0.5}, step=batch * CALLS + i)
            own.append((time.thread_time() - used) / CALLS * 1e6)
            wall.append((time.perf_counter() - begun) / CALLS * 1e6)
        for i in range(BATCHES * CALLS):
            begun = time.perf_counter()
            run.log({"loss": 0.5, "accuracy": 1}, step=i)
            longest = max(longest, time.perf_counter() - begun)
        run.finish(timeout=60)
        cpu, all_of_it = statistics.median(own), statistics.median(wall)
        print(f"µs a call, median of {BATCHES} x {CALLS:,}: {cpu:.2f} of the thread's CPU, {all_of_it:.2f} by the clock")
        print(f"longest of {BATCHES * CALLS:,} calls with two metrics: {longest * 1000:.1f} ms; lost: {run.lost}")


main(sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:9")
