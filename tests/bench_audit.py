"""What a customer-base audit of a million rows costs: `python tests/bench_audit.py` prints seconds and peak memory, each file in a process of its own."""

import resource
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter

import numpy as np
import pandas as pd

ROWS, CUSTOMERS = 1_000_000, 150_000


def purchases():
    """Three years of a shop, every row with its own second."""
    rng = np.random.default_rng(1)
    rates = rng.gamma(0.5, 1, CUSTOMERS)
    when = pd.Timestamp("2022-01-01") + pd.to_timedelta(rng.integers(0, 3 * 365 * 86_400, ROWS), unit="s")
    return pd.DataFrame({"customer": rng.choice(CUSTOMERS, ROWS, p=rates / rates.sum()), "date": when, "amount": rng.gamma(2, 20, ROWS).round(2),
                         "product": rng.integers(0, 1000, ROWS)})  # fmt: skip


def write(folder):
    log = purchases()
    log.to_parquet(folder / "log.parquet")
    log.to_csv(folder / "log.csv", index=False)
    euros = log["amount"].map("{:.2f} €".format).str.replace(".", ",")
    ugly = log.assign(date=log["date"].dt.strftime("%d.%m.%Y %H:%M:%S"), amount=euros, customer=log["customer"].astype(float))
    ugly.to_csv(folder / "ugly.csv", index=False, sep=";", encoding="cp1252")


def contestant(path):
    """Read, look through all lenses, write the page."""
    import ccx

    start = perf_counter()
    base = ccx.audit(path)
    read = perf_counter()
    base.reconciliation()
    seen = perf_counter()
    base.report(Path(path).with_suffix(".html"))
    done = perf_counter()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{Path(path).name:<14}{read - start:>8.1f} s reading{seen - read:>8.1f} s lenses{done - seen:>8.1f} s page{peak:>8.0f} MB", flush=True)


def main():
    with tempfile.TemporaryDirectory() as folder:
        write(Path(folder))
        for name in ("log.parquet", "log.csv", "ugly.csv"):
            subprocess.run([sys.executable, __file__, f"{folder}/{name}"], check=True)


if __name__ == "__main__":
    main() if len(sys.argv) == 1 else contestant(sys.argv[1])
