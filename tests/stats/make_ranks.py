# tests/stats/make_ranks.py
# Purpose: ranks, letters and chances of the best mean of generated groups, by scipy and statsmodels, written once to tests/fixtures/ranks.json.
# Why: ranks that are published are held against other people's arithmetic, without Python in the test run.
# Relevant files: tests/stats/ranks.test.ts, shared/stats/letters.ts, shared/stats/best-mean.ts
"""python3 -m venv /tmp/v && /tmp/v/bin/pip install scipy==1.17.1 statsmodels==0.15.0 && /tmp/v/bin/python tests/stats/make_ranks.py"""
import itertools
import json
import math
import pathlib
import platform
import warnings

import numpy as np
import scipy
import statsmodels
from scipy import stats
from statsmodels.stats.multitest import multipletests

warnings.simplefilter("ignore")
rng = np.random.default_rng(20261130)
TARGET = pathlib.Path(__file__).parent.parent / "fixtures" / "ranks.json"


def short(value):
    return float(f"{float(value):.13g}")


def letters(n, apart):
    """Piepho 2004: insert a column for each pair that is apart, absorb columns that lie in another one."""
    columns = [frozenset(range(n))]
    for i, j in apart:
        split = [c - {x} for c in columns if i in c and j in c for x in (i, j)]
        columns = [c for c in columns if not (i in c and j in c)] + split
        columns = [c for c in set(columns) if not any(c < other for other in columns)]
    columns.sort(key=sorted)
    return ["".join(chr(97 + at) for at, c in enumerate(columns) if i in c) for i in range(n)]


def ranks(groups):
    """The largest mean is the best. Of each pair Welch's p, Holm over all; rank from, to."""
    n = len(groups)
    pairs = list(itertools.combinations(range(n), 2))
    p = [stats.ttest_ind(groups[i], groups[j], equal_var=False).pvalue for i, j in pairs]
    corrected = multipletests(p, method="holm")[1]
    apart = [pair for pair, one in zip(pairs, corrected) if one < 0.05]
    means = [g.mean() for g in groups]
    better = [sum(1 for pair in apart if i in pair and means[sum(pair) - i] > means[i]) for i in range(n)]
    worse = [sum(1 for pair in apart if i in pair and means[sum(pair) - i] < means[i]) for i in range(n)]
    return [short(one) for one in corrected], [[1 + b, n - w] for b, w in zip(better, worse)], letters(n, apart)


def chances(groups):
    """Of each: the integral of its density times the others' distribution functions, by scipy's Gauss quadrature between places that grow outwards."""
    known = [stats.t(len(g) - 1, loc=g.mean(), scale=g.std(ddof=1) / math.sqrt(len(g))) for g in groups]
    places = sorted({one.kwds["loc"] + side * one.kwds["scale"] * 2.0**k for one in known for side in (-1, 1) for k in range(-2, 44)})
    nodes, weights = np.polynomial.legendre.leggauss(30)
    low, high = np.array(places[:-1])[:, None], np.array(places[1:])[:, None]
    x, w = ((high + low) / 2 + (high - low) / 2 * nodes).ravel(), ((high - low) / 2 * weights).ravel()
    under = [one.cdf(x) for one in known]
    found = [math.fsum(w * one.pdf(x) * math.prod(under[:i] + under[i + 1 :])) for i, one in enumerate(known)]
    assert abs(sum(found) - 1) < 1e-11, found
    return [short(one) for one in found]


cases = []
for case in range(60):
    n = int(rng.integers(2, 9))
    noise = float(10 ** rng.uniform(-1.5, 0.5))
    size = [int(v) for v in (np.full(n, rng.integers(2, 7)) if case % 2 else rng.integers(2, 13, n))]
    groups = [np.array([float(f"{v:.5g}") for v in rng.normal(at * rng.uniform(0, 1), noise * rng.uniform(0.2, 2), m)]) for at, m in enumerate(size)]
    order = np.argsort([-g.mean() for g in groups])
    groups = [groups[at] for at in order]
    corrected, spans, names = ranks(groups)
    cases.append({"groups": [g.tolist() for g in groups], "holm": corrected, "ranks": spans, "letters": names, "best": chances(groups)})

# Letters of any graph, also of those that no means could give.
graphs = []
for _ in range(40):
    n = int(rng.integers(1, 10))
    apart = [pair for pair in itertools.combinations(range(n), 2) if rng.random() < rng.choice([0.2, 0.5, 0.8])]
    graphs.append([n, apart, letters(n, apart)])

made = {"python": platform.python_version(), "numpy": np.__version__, "scipy": scipy.__version__, "statsmodels": statsmodels.__version__}
TARGET.write_text(json.dumps({"made_with": made, "cases": cases, "graphs": graphs}, separators=(",", ":")).replace('{"groups"', '\n{"groups"') + "\n")
