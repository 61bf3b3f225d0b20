"""Greedy pairing with NumPy and the optimal assignment with SciPy, on vectors from a file; one JSON object on stdout.

usage: peers.py FILE N DIM REPEATS    FILE: f32 user[n][dim], then peer[n][dim]
"""

import json
import sys
import time

import numpy as np
from scipy.optimize import linear_sum_assignment

path, n, dim, repeats = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
both = np.fromfile(path, dtype=np.float32).reshape(2, n, dim)
user, peer = both[0], both[1]


def weights():
    half = user @ peer.T
    return (half + half.T) / 2


def greedy():
    w = weights()
    rows, columns = np.triu_indices(n, 1)
    order = np.argsort(-w[rows, columns], kind="stable")
    taken = np.zeros(n, dtype=bool)
    total = 0.0
    for k in order:
        i, j = rows[k], columns[k]
        if not (taken[i] or taken[j]):
            taken[i] = taken[j] = True
            total += float(w[i, j])
    return total


def assignment():
    w = weights()[0::2, 1::2]
    rows, columns = linear_sum_assignment(w, maximize=True)
    return float(w[rows, columns].sum())


def timed(run):
    run()
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        total = run()
        times.append((time.perf_counter() - start) * 1000)
    return {"ms": float(np.median(times)), "weight": total}


print(json.dumps({"greedy": timed(greedy), "assignment": timed(assignment), "numpy": np.__version__}))
