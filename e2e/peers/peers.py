"""NumPy and SciPy at the tasks of part.ts, on one thread. A line of stdin names a task and asks for one run of it.

usage: peers.py FILE N DIM    FILE: f32[n][dim]; one JSON object per run on stdout
"""

import json
import sys
import time

import numpy as np
from scipy.optimize import linear_sum_assignment

path, n, dim = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
x = np.fromfile(path, dtype=np.float32).reshape(n, dim)


def weights():
    w = x @ x.T
    np.fill_diagonal(w, -np.inf)
    return w


def score():
    """The 16 best partners of everybody, best first."""
    w = weights()
    best = np.argpartition(w, n - 16, axis=1)[:, n - 16 :]
    order = np.argsort(-np.take_along_axis(w, best, 1), axis=1)
    np.take_along_axis(best, order, 1)
    return np.full(n, -1), 0.0


def greedy():
    """Locally dominant pairs; the rows and columns of who is paired are dropped."""
    w = weights()
    ids = np.arange(n)
    mate = np.full(n, -1)
    total = 0.0
    while len(ids) > 1:
        best = w.argmax(1)
        mutual = best[best] == np.arange(len(ids))
        mate[ids[mutual]] = ids[best[mutual]]
        total += float(w[mutual, best[mutual]].sum(dtype=np.float64)) / 2
        keep = np.flatnonzero(~mutual)
        ids = ids[keep]
        w = w[np.ix_(keep, keep)]
    return mate, total


def assignment():
    """The optimum between people at even and at odd positions."""
    w = x[0::2] @ x[1::2].T
    rows, columns = linear_sum_assignment(w, maximize=True)
    mate = np.full(n, -1)
    mate[2 * rows] = 2 * columns + 1
    mate[2 * columns + 1] = 2 * rows
    return mate, float(w[rows, columns].sum(dtype=np.float64))


tasks = {"score": score, "greedy": greedy, "assignment": assignment}
print(json.dumps({"numpy": np.__version__}), flush=True)
for line in sys.stdin:
    cpu, wall = time.process_time(), time.perf_counter()
    mate, total = tasks[line.strip()]()
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    print(json.dumps({"cpuMs": 1000 * cpu, "ms": 1000 * wall, "weight": total, "mate": mate.tolist()}), flush=True)
