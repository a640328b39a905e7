#!/usr/bin/env python3
"""What the audit tree costs the ledger on RocksDB.

    ninja -C build/release gusu_audit_tree_benchmark
    python3 tests/storage/audit_tree_benchmark.py build/release/bin [rounds]

Two processes, one with the audit tree and one with a tree that does nothing, take turns round by
round, so that both see the same machine. Prints of the rounds' times the median and the 99th
percentile, changes a second at the median, and how much more the tree takes. Exit code 1 when that
is above 10 % in a median. TMPDIR says where the stores are.
"""

import statistics
import subprocess
import sys

LOADS = [
    ("one change at a time", 1, 1),
    ("100 changes queued at once", 100, 1),
    ("1000 changes queued at once", 1000, 1),
    ("one batch of 1000 changes", 1, 1000),
]
COST_MAX = 0.10


class Worker:
    def __init__(self, program):
        self.process = subprocess.Popen([program], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        text=True)

    def round(self, sets, changes):
        self.process.stdin.write(f"{sets} {changes}\n")
        self.process.stdin.flush()
        return float(self.process.stdout.readline())

    def close(self):
        self.process.stdin.close()
        self.process.wait()


def p99(times):
    return sorted(times)[int(len(times) * 0.99)]


def main():
    bin_directory = sys.argv[1]
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 400
    worst = 0.0
    print(f"{rounds} rounds each; times in microseconds a round")
    print(f"{'load':30}{'tree':>10}{'p99':>10}{'none':>10}{'p99':>10}"
          f"{'tree/s':>10}{'none/s':>10}{'cost':>8}")
    for name, sets, changes in LOADS:
        with_tree = Worker(f"{bin_directory}/gusu_ledger_rounds")
        without = Worker(f"{bin_directory}/gusu_ledger_rounds_without_tree")
        times = {with_tree: [], without: []}
        for i in range(rounds + rounds // 10):
            order = (with_tree, without) if i % 2 == 0 else (without, with_tree)
            for worker in order:
                time = worker.round(sets, changes)
                if i >= rounds // 10:  # what comes before warms up
                    times[worker].append(time)
        tree, none = (statistics.median(times[worker]) for worker in (with_tree, without))
        cost = tree / none - 1
        worst = max(worst, cost)
        print(f"{name:30}{tree:10.0f}{p99(times[with_tree]):10.0f}{none:10.0f}"
              f"{p99(times[without]):10.0f}{sets * changes / tree * 1e6:10.0f}"
              f"{sets * changes / none * 1e6:10.0f}{cost:8.1%}")
        with_tree.close()
        without.close()
    return 0 if worst <= COST_MAX else 1


sys.exit(main())
