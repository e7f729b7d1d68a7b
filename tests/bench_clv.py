"""What a fit costs: `python tests/bench_clv.py` runs our models and their peers side by side, each in a process of its own.

Prints medians, ratios and peak memory, and ours against its floor: the number of evaluations of likelihood and gradient times the cost of one.
Peers that are not installed are left out.
"""

import importlib.util
import json
import os
import resource
import subprocess
import sys
import tempfile
import warnings
from pathlib import Path
from statistics import median
from time import perf_counter

import numpy as np
import pandas as pd

SIZES = {"CDNOW sample": None, "10k": 10_000, "100k": 100_000, "1M": 1_000_000}
# Peers take minutes where we take seconds: what is asked of each.
CONTESTS = {"BetaGeoModel": ["ours", "lifetimes", "clvkit", "pymc_marketing"], "ParetoNBDModel": ["ours", "lifetimes", "pymc_marketing"],
            "ModifiedBetaGeoModel": ["ours", "lifetimes", "clvkit"]}
LARGEST = {"pymc_marketing": 10_000, ("lifetimes", "ParetoNBDModel"): 10_000}
LIFETIMES = {"BetaGeoModel": "BetaGeoFitter", "ParetoNBDModel": "ParetoNBDFitter", "ModifiedBetaGeoModel": "ModifiedBetaGeoFitter"}
CLVKIT = {"BetaGeoModel": "BGNBD", "ModifiedBetaGeoModel": "MBGNBD"}
PYMC = {"BetaGeoModel": "BetaGeoModel", "ParetoNBDModel": "ParetoNBDModel"}


def customers(n):
    """CDNOW's sample, or as many customers drawn like it and seen by a log that knows days only."""
    import ccx
    from ccx.clv import BetaGeoModel

    if n is None:
        return ccx.customer_base(ccx.load("cdnow_sample"), "1997-09-30")[["frequency", "recency", "T"]].reset_index(drop=True)
    T = np.random.default_rng(1).integers(189, 273, n) / 7
    base, _ = BetaGeoModel(0.243, 4.414, 0.793, 2.426).simulate(n, 1, T)
    return base.assign(recency=np.minimum(np.ceil(7 * base["recency"]) / 7, T))


def ours(model, data):
    from ccx import clv

    return lambda: getattr(clv, model).fit(data)


def lifetimes(model, data):
    import lifetimes as peer

    return lambda: getattr(peer, LIFETIMES[model])().fit(data["frequency"], data["recency"], data["T"])


def pymc_marketing(model, data):
    from pymc_marketing import clv as peer

    table = data.assign(customer_id=np.arange(len(data)))
    return lambda: getattr(peer, PYMC[model])(data=table).fit(method="map", progressbar=False)


def clvkit(model, data):
    import clvkit as peer

    base = peer.CustomerBase(data, time_unit="W", observation_period_end=pd.Timestamp("1997-09-30"), has_monetary=False,
                             on_negative="net", amount_col=None)
    return lambda: getattr(peer, CLVKIT[model])().fit(base)


def floor(model, data):
    """Evaluations that a fit of ours needs, the seconds that one takes, and those of reading and collapsing the data."""
    from ccx import clv
    from ccx.clv import _fit

    kind, calls = getattr(clv, model), []
    total, curvature = _fit._total, _fit._curvature

    def timed(function):
        def call(*arguments):
            start = perf_counter()
            found = function(*arguments)
            calls.append(perf_counter() - start)
            return found
        return call

    _fit._total, _fit._curvature = timed(total), timed(curvature)
    kind.fit(data)
    _fit._total, _fit._curvature = total, curvature
    return {"evaluations": len(calls), "each": median(calls), "reading": seconds(lambda: kind._read(data, None))}


def seconds(action):
    """Median of at least three runs and, if they are short, of as many as two seconds hold."""
    times = []
    while len(times) < 3 or (sum(times) < 2 and len(times) < 30):
        start = perf_counter()
        action()
        times.append(perf_counter() - start)
    return median(times)


def contestant(who, model, path):
    """Run in a process of its own: seconds a fit (median), peak memory above the data, and our floor."""
    warnings.simplefilter("ignore")
    data = pd.read_pickle(path)
    before = peak()
    fit = globals()[who](model, data)
    fit()
    found = {"seconds": seconds(fit), "megabytes": peak() - before}
    if who == "ours":
        found.update(floor(model, data))
    print(json.dumps(found))


def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def ask(who, model, path):
    # One thread each, so that nobody waits for another's.
    environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
    run = subprocess.run([sys.executable, __file__, who, model, str(path)], capture_output=True, text=True, env=environment)
    return json.loads(run.stdout.splitlines()[-1]) if run.returncode == 0 else None


def wanted(who, model, n):
    largest = LARGEST.get(who, LARGEST.get((who, model), np.inf))
    return (who == "ours" or importlib.util.find_spec(who)) and (n or 0) <= largest


def contest(model, size, n, path):
    mine = None
    for who in CONTESTS[model]:
        if not wanted(who, model, n):
            continue
        found = ask(who, model, path)
        if found is None:
            print(f"{model:<22}{size:<14}{who:<16} failed", flush=True)
            continue
        mine = mine or found
        said = against_floor(found) if who == "ours" else f"ours is {found['seconds'] / mine['seconds']:.1f} times faster"
        print(f"{model:<22}{size:<14}{who:<16}{1000 * found['seconds']:>10.1f} ms{found['megabytes']:>8.0f} MB   {said}", flush=True)


def against_floor(found):
    climb = found["evaluations"] * found["each"]
    return (f"{found['evaluations']} evaluations of {1000 * found['each']:.2f} ms: fit is {found['seconds'] / climb:.2f} times that, and "
            f"{found['seconds'] / (climb + found['reading']):.2f} times that and reading the data ({1000 * found['reading']:.1f} ms)")


def main():
    with tempfile.TemporaryDirectory() as folder:
        for size, n in SIZES.items():
            path = Path(folder) / "customers.pickle"
            customers(n).to_pickle(path)
            for model in CONTESTS:
                contest(model, size, n, path)


if __name__ == "__main__":
    main() if len(sys.argv) == 1 else contestant(*sys.argv[1:])
