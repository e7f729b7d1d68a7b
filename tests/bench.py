"""What the analysis half costs: `python tests/bench.py` prints medians, and ratios measured in the same run."""

import contextlib
import io
import os
import subprocess
import sys
from pathlib import Path
from statistics import median
from time import perf_counter

LESSON = Path(__file__).resolve().parent.parent / "lessons" / "02-heterogeneity"


def seconds(action, runs=5, before=lambda: None):
    """Median of several runs; `before` is not counted."""
    times = []
    for _ in range(runs):
        before()
        start = perf_counter()
        action()
        times.append(perf_counter() - start)
    return median(times)


def line(name, time, ratio=""):
    print(f"{name:<58}{1000 * time:>10.1f} ms  {ratio}", flush=True)


def python(code):
    return lambda: subprocess.run([sys.executable, "-c", code], check=True)


def imports():
    empty, package = seconds(python("pass")), seconds(python("import ccx"))
    line("start Python", empty)
    line("start Python and import ccx", package, f"{1000 * (package - empty):.0f} ms more")


def data(ccx):
    from ccx.data import _read

    cold, warm = (seconds(lambda: ccx.load("cdnow"), before=b) for b in (_read.cache_clear, lambda: None))
    line("load cdnow, cold", cold)
    line("load cdnow, warm", warm, f"{cold / warm:,.0f} times faster")
    line("load grocery, cold", seconds(lambda: ccx.load("grocery"), 3, _read.cache_clear))
    log = ccx.load("cdnow")
    line("customer_base of cdnow", seconds(lambda: ccx.customer_base(log, "1997-09-30")))


def concentration(ccx, values):
    once = seconds(lambda: ccx.gini(values), 20)
    line(f"gini of {len(values):,} customers", once)
    many = seconds(lambda: ccx.bootstrap_interval(values, ccx.gini, 1, n_resamples=400), 3)
    line("bootstrap_interval of it, 400 resamples", many, f"{many / once / 400:.1f} ginis a resample")


def fits(ccx):
    base = ccx.customer_base(ccx.load("cdnow"), "1997-09-30")[["frequency", "T"]]
    few = base.value_counts().rename("customers").reset_index()
    full, collapsed = (seconds(action) for action in (lambda: ccx.NBDModel.fit(base),
                                                      lambda: ccx.NBDModel.fit(few, weights=few["customers"])))
    line(f"NBD fit, {len(base):,} customers", full)
    line(f"NBD fit, collapsed to {len(few):,} rows beforehand", collapsed, f"{full / collapsed:.2f} times faster")


def checks(ccx, values):
    def ask(answer, *expected):
        with contextlib.redirect_stdout(io.StringIO()), contextlib.suppress(*expected):
            ccx.check("02.below-mean", answer)

    os.chdir(LESSON)
    right = seconds(lambda: ask((values < values.mean()).mean()))
    wrong = seconds(lambda: ask(0.1234, Exception))
    line("ccx.check, right", right)
    line("ccx.check, wrong in a way it does not know", wrong, f"{wrong / right:.1f} times the right one")


def main():
    imports()
    import ccx

    spend = ccx.load("cdnow").groupby("customer_id")["value"].sum()
    data(ccx)
    concentration(ccx, spend[spend > 0].to_numpy())
    fits(ccx)
    checks(ccx, spend)


if __name__ == "__main__":
    main()
