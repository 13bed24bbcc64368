# tests/stats/make_references.py
# Purpose: what scipy and statsmodels say of a thousand generated cases, written once to tests/fixtures/statistics.json.
# Why: our own statistics are held against the ones that everybody cites, without Python in the test run.
# Relevant files: tests/stats/references.test.ts, shared/stats/welch.ts
"""python3 -m venv /tmp/v && /tmp/v/bin/pip install scipy==1.17.1 statsmodels==0.15.0 && /tmp/v/bin/python tests/stats/make_references.py"""
import json
import math
import pathlib
import platform
import warnings

import numpy as np
import scipy
import statsmodels
from scipy import optimize, special, stats
from scipy.stats import _resampling
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.power import TTestIndPower

warnings.simplefilter("ignore")
rng = np.random.default_rng(20261129)
TARGET = pathlib.Path(__file__).parent.parent / "fixtures" / "statistics.json"


def short(value):
    """13 significant digits: four more than the tests ask for. What JSON lacks is text."""
    if value is None:
        return None
    value = float(value)
    if not math.isfinite(value):
        return str(value)
    return float(f"{value:.13g}")


def finite(values):
    return np.array([v for v in values if math.isfinite(v)])


def sample(kind, n):
    if kind == "ties":
        return np.round(rng.normal(0.5, 0.2, n), 1)
    if kind == "zero":
        return np.full(n, rng.integers(0, 8) / 8)
    scale = 10.0 ** rng.integers(-8, 9) if kind == "scale" else 1.0
    shift = rng.normal(0, 1.5) * (rng.random() < 0.7)
    drawn = rng.exponential(1, n) if kind == "skewed" else rng.normal(shift, rng.uniform(0.2, 2), n)
    values = np.array([float(f"{v:.5g}") for v in drawn * scale])
    if kind == "holes":
        for at in range(n):
            if rng.random() < 0.25:
                values[at] = rng.choice([math.nan, math.inf, -math.inf])
    return values


def hedges(x, y):
    n, m = len(x), len(y)
    if min(n, m) < 2 or (x.std() == 0 and y.std() == 0):
        return [None] * 3
    df = n + m - 2
    pooled = math.sqrt(((n - 1) * x.var(ddof=1) + (m - 1) * y.var(ddof=1)) / df)
    bias = math.exp(special.gammaln(df / 2) - special.gammaln((df - 1) / 2)) / math.sqrt(df / 2)
    d, root = (x.mean() - y.mean()) / pooled, math.sqrt(1 / n + 1 / m)
    t = d / root
    if abs(t) > 200:
        return [bias * d, None, None]
    ends = [optimize.brentq(lambda delta: stats.nct.cdf(t, df, delta) - p, t - reach(t, df), t + reach(t, df), xtol=1e-14, rtol=1e-14) for p in (0.975, 0.025)]
    return [bias * d, *[bias * root * end for end in ends]]


def reach(t, df):
    far = 4.0
    while stats.nct.cdf(t, df, t - far) < 0.975 or stats.nct.cdf(t, df, t + far) > 0.025:
        far *= 2
    return far


def two(x, y):
    """Of the finite values: Welch t, df, p, interval; U, p; g, interval."""
    a, b = finite(x), finite(y)
    if len(a) == 0 or len(b) == 0:
        return None
    if min(len(a), len(b)) < 2:
        welch = [math.nan] * 5
    else:
        test = stats.ttest_ind(a, b, equal_var=False)
        ends = test.confidence_interval(0.95)
        welch = [test.statistic, test.df, test.pvalue, ends.low, ends.high]
    rank = stats.mannwhitneyu(a, b, alternative="two-sided", method="auto")
    return [short(v) for v in [*welch, rank.statistic, rank.pvalue, *hedges(a, b)]]


def pairs(x, y):
    """Of the pairs that are finite: paired t, p, interval; W, p."""
    d = finite(x - y)
    if len(d) == 0:
        return None
    if len(d) < 2:
        paired = [math.nan] * 4
    else:
        test = stats.ttest_rel(d, np.zeros(len(d)))
        ends = test.confidence_interval(0.95)
        paired = [test.statistic, test.pvalue, ends.low, ends.high]
    # Of a single 0 scipy refuses to speak.
    rank = [0, math.nan] if len(d) == 1 and d[0] == 0 else stats.wilcoxon(d)
    return [short(v) for v in [*paired, *rank]]


KINDS = ["plain", "plain", "ties", "ties", "skewed", "scale", "zero", "holes"]


def sizes(case):
    if case % 40 == 0:
        return int(rng.integers(30, 80)), int(rng.integers(3, 60))
    if case % 10 == 1:
        return (1, int(rng.integers(1, 5))) if case % 20 == 1 else (2, 2)
    n = int(rng.integers(2, 13))
    return n, (n if rng.random() < 0.5 else int(rng.integers(2, 13)))


two_cases, pair_cases = [], []
for case in range(560):
    kind, other = KINDS[case % len(KINDS)], KINDS[int(rng.integers(0, len(KINDS)))]
    other = other if kind == "zero" else kind
    n, m = sizes(case)
    x, y = sample(kind, n), sample(other, m)
    two_cases.append([[short(v) for v in x], [short(v) for v in y], two(x, y)])
for case in range(280):
    kind = KINDS[case % len(KINDS)]
    n = int(rng.integers(51, 70)) if case % 40 == 0 else 1 if case % 29 == 0 else int(rng.integers(2, 20))
    x, y = sample(kind, n), sample("plain" if kind == "skewed" else kind, n)
    if kind == "ties":
        x, y = x * 8 // 1 / 8, y * 8 // 1 / 8
    if kind == "scale":
        y = x + rng.integers(-40, 40, n) * abs(x[0]) / 64
    pair_cases.append([[short(v) for v in x], [short(v) for v in y], pairs(np.array([short(v) for v in x], float), np.array([short(v) for v in y], float))])

distributions = {"student": [], "quantile": [], "normal": [], "noncentral": [], "beta": []}
for _ in range(120):
    t, df = float(f"{rng.normal(0, 4):.4g}"), float(f"{10 ** rng.uniform(0, 4):.4g}")
    distributions["student"].append([t, df, short(2 * stats.t.sf(abs(t), df))])
    tail = float(f"{10 ** rng.uniform(-6, -0.31):.4g}")
    distributions["quantile"].append([tail, df, short(stats.t.isf(tail, df))])
    z = float(f"{rng.normal(0, 3):.4g}")
    distributions["normal"].append([z, short(stats.norm.cdf(z))])
    df, delta = float(rng.integers(1, 200)), float(f"{rng.normal(0, 5):.4g}")
    t = float(f"{delta + rng.normal(0, 2):.4g}")
    distributions["noncentral"].append([t, df, delta, short(stats.nct.cdf(t, df, delta))])
    a, b, x = [float(f"{v:.4g}") for v in (10 ** rng.uniform(-1, 3), 10 ** rng.uniform(-1, 3), rng.random())]
    distributions["beta"].append([a, b, x, short(special.betainc(a, b, x))])

corrections = []
for _ in range(40):
    p = np.round(rng.random(int(rng.integers(1, 20))) ** 3, int(rng.integers(2, 6)))
    corrections.append([p.tolist(), [short(v) for v in multipletests(p, method="holm")[1]]])

powers, needed = [], []
for _ in range(80):
    d, n = float(f"{rng.uniform(0.05, 4):.3g}"), int(rng.integers(2, 100))
    powers.append([d, n, short(TTestIndPower().power(d, n, 0.05, 1.0))])
for d in [0.1, 0.2, 0.35, 0.5, 0.8, 1.0, 1.2, 1.5, 2.0, 2.5, 3.0, 4.0]:
    for power in [0.8, 0.9]:
        whole = next(n for n in range(2, 5000) if TTestIndPower().power(d, n, 0.05, 1.0) >= power)
        solved = TTestIndPower().solve_power(d, power=power, alpha=0.05) if whole > 3 else None
        needed.append([d, power, whole, short(solved)])


class Xoshiro:
    """The generator of shared/stats/random.ts."""

    def __init__(self, seed):
        self.mix, self.state = seed, []
        for _ in range(4):
            self.mix = (self.mix + 0x9E3779B9) % 2**32
            z = self.mix
            z = ((z ^ (z >> 16)) * 0x21F0AAAD) % 2**32
            z = ((z ^ (z >> 15)) * 0x735A2D97) % 2**32
            self.state.append(z ^ (z >> 15))

    def next(self):
        a, b, c, d = self.state
        result = turned(b * 5 % 2**32, 7) * 9 % 2**32
        shifted = b << 9 & 0xFFFFFFFF
        c ^= a
        d ^= b
        b ^= c
        a ^= d
        c ^= shifted
        self.state = [a, b, c, turned(d, 11)]
        return result

    def below(self, n, size):
        return np.array([self.next() * n >> 32 for _ in range(math.prod(size))]).reshape(size)


def turned(value, bits):
    return (value << bits | value >> (32 - bits)) & 0xFFFFFFFF


def bootstrap(x, y, seeds, times):
    """scipy's own intervals over the resamples of our generator: its source of whole numbers is replaced."""
    ends = []
    for method in ("percentile", "BCa"):
        streams = iter([Xoshiro(seed) for seed in seeds])
        _resampling.rng_integers = lambda _rng, _low, high, size: next(streams).below(high, size)
        found = stats.bootstrap((x, y), lambda x, y, axis: x.mean(axis=axis) - y.mean(axis=axis), n_resamples=times, method=method, vectorized=True)
        ends += [found.confidence_interval.low, found.confidence_interval.high]
    return [short(v) for v in ends]


TIMES = 299
resamples, bests = [], []
for case in range(40):
    n, m = int(rng.integers(2, 12)), int(rng.integers(2, 12))
    # Multiples of 1/1024: sums are exact in any order, so that equal means are equal here and there.
    x, y = [np.round(rng.normal(shift, 0.3, size) * 1024) / 1024 for shift, size in ((0.1, n), (0, m))]
    if case % 13 == 0:
        x, y = np.full(n, 0.5), np.full(m, 0.25)
    seeds = [int(v) for v in rng.integers(0, 2**32, 2)]
    resamples.append([x.tolist(), y.tolist(), seeds, bootstrap(x, y, seeds, TIMES)])
    groups = [np.round(rng.normal(0.1 * at, 0.3, int(rng.integers(1, 7))) * 64) / 64 for at in range(int(rng.integers(1, 5)))]
    means = np.array([g[Xoshiro(at).below(len(g), (TIMES, len(g)))].mean(axis=1) for at, g in enumerate(groups)])
    best = means == means.max(axis=0)
    bests.append([[g.tolist() for g in groups], [short(v) for v in (best / best.sum(axis=0)).mean(axis=1)]])

# Last, so that what was drawn before stays what it is.
together, quantiles = [], []
for case in range(120):
    kind = KINDS[case % 6]
    n = int(rng.integers(100, 300)) if case % 30 == 0 else 2 if case % 31 == 0 else int(rng.integers(3, 25))
    x, y = sample(kind, n), sample(KINDS[int(rng.integers(0, 6))], n)
    if case % 2:
        y = np.array([float(f"{v:.5g}") for v in y + rng.normal(0, 2) * x / max(1, abs(x).max())])
    x, y = [np.array([short(v) for v in values], float) for values in (x, y)]
    flat = np.ptp(x) == 0 or np.ptp(y) == 0
    r, rho = (None, None) if flat else (stats.pearsonr(x, y), stats.spearmanr(x, y))
    line = None if np.ptp(x) == 0 else stats.linregress(x, y)
    together.append([x.tolist(), y.tolist(), r and [short(r.statistic), short(r.pvalue), short(rho.statistic), short(rho.pvalue)], line and [short(line.slope), short(line.intercept), short(line.rvalue**2)]])
    quantiles.append([x.tolist(), [short(v) for v in np.quantile(x, [0.25, 0.5, 0.75])]])

TARGET.write_text(
    json.dumps(
        {
            "made_with": {"python": platform.python_version(), "numpy": np.__version__, "scipy": scipy.__version__, "statsmodels": statsmodels.__version__},
            "times": TIMES,
            "two": two_cases,
            "pairs": pair_cases,
            **distributions,
            "holm": corrections,
            "power": powers,
            "needed": needed,
            "bootstrap": resamples,
            "best": bests,
            "together": together,
            "quantiles": quantiles,
        },
        separators=(",", ":"),
    ).replace('],[[', '],\n[[')
    + "\n"
)
