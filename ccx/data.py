"""Data in: the course's data sets and the card of each."""

import difflib
import functools
import hashlib
import html
import importlib.util
import tomllib
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

HERE = Path(__file__).resolve().parent

# The grocery tables under the names that every log of the course uses.
RENAMED = {
    "household_id": "customer_id",
    "transaction_timestamp": "date",
    "redemption_date": "date",
    "sales_value": "value",
    "retail_disc": "loyalty_discount",
    "coupon_disc": "coupon_discount",
    "coupon_match_disc": "coupon_match_discount",
}

# As text, "100-124K" sorts before "15-24K".
INCOMES = ["Under 15K", "15-24K", "25-34K", "35-49K", "50-74K", "75-99K", "100-124K", "125-149K",
           "150-174K", "175-199K", "200-249K", "250K+"]  # fmt: skip


@dataclass(frozen=True)
class DataCard:
    """What a data set holds, where it comes from and where it misleads.

    In a notebook the card shows itself as a table; its fields are attributes.

    Attributes
    ----------
    name, title, source, citation, licence : str
        What it is, where the files come from, whom to cite, and the terms as far as they are known.
    row : str
        What one row of the frame stands for.
    rows : int
        Number of rows of the frame.
    columns : dict of str to str
        Meaning and unit of each column, in the frame's order.
    traps : list of str
        What surprises those who do not know the data.
    files : dict of str to str
        SHA-256 checksum of each file that is read.
    customers : int or None
        Number of distinct customers, where rows belong to customers.
    package : str or None
        The package that holds the files, with its version; None if they lie beside the card.
    published : dict of str to dict
        Results from the literature on these data, by model or study.
    """

    name: str
    title: str
    source: str
    citation: str
    licence: str
    row: str
    rows: int
    columns: dict
    traps: list
    files: dict
    customers: int | None = None
    package: str | None = None
    published: dict = field(default_factory=dict)

    def _sections(self):
        size = f"{self.rows:,} rows" + (f", {self.customers:,} customers" if self.customers else "")
        return {
            "Size": {"rows": f"{size}; one row is {self.row}"},
            "Columns": self.columns,
            "Traps": {str(i): trap for i, trap in enumerate(self.traps, 1)},
            "Published": {name: _phrase(result) for name, result in self.published.items()},
            "Origin": {"source": self.source, "citation": self.citation, "licence": self.licence},
        }

    def __repr__(self):
        lines = [f"{self.name}: {self.title}"]
        for heading, entries in self._sections().items():
            lines += ["", heading] * bool(entries) + [f"  {key}: {text}" for key, text in entries.items()]
        return "\n".join(lines)

    def _repr_html_(self):
        rows = []
        for heading, entries in self._sections().items():
            rows += [f'<tr><th colspan="2" style="text-align:left">{heading}</th></tr>'] * bool(entries)
            rows += [_html_row(key, text) for key, text in entries.items()]
        title = f'<caption style="text-align:left"><strong>{html.escape(self.title)}</strong></caption>'
        return f"<table>{title}{''.join(rows)}</table>"


def _phrase(result):
    """One line of text for a published result: its numbers, then what they were found on and where."""
    found = {**result.get("params", {}), **result}
    numbers = [f"{key} = {value}" for key, value in found.items() if key not in ("params", "source", "data")]
    return f"{', '.join(numbers)}; {result['data']} ({result['source']})"


def _html_row(key, text):
    left = 'style="text-align:left"'
    return f'<tr><th scope="row" {left}>{html.escape(key)}</th><td {left}>{html.escape(text)}</td></tr>'


def data_card(name):
    """Return the card of a data set: columns and units, traps, source, published results.

    Parameters
    ----------
    name : str
        Name of the data set, as for `load`.

    Returns
    -------
    DataCard

    Raises
    ------
    ValueError
        If there is no data set of that name.

    Examples
    --------
    >>> card = data_card("cdnow_sample")
    >>> card.customers
    2357
    >>> card.published["bg_nbd"]["params"]
    {'r': 0.243, 'alpha': 4.414, 'a': 0.793, 'b': 2.426}
    """
    folder = datasets_folder()
    names = sorted(path.stem for path in folder.glob("*.toml"))
    if name not in names:
        near = difflib.get_close_matches(str(name), names, n=1)
        guess = f" Did you mean {near[0]!r}?" if near else ""
        raise ValueError(f"There is no data set {name!r}.{guess} The data sets are: {', '.join(names)}.")
    return DataCard(name=name, **tomllib.loads((folder / f"{name}.toml").read_text(encoding="utf-8")))


def load(name):
    """Return a data set of the course as a DataFrame of its own.

    Parameters
    ----------
    name : str
        ``"cdnow"``, ``"cdnow_sample"``, ``"donations"``, ``"survival"``, ``"grocery"`` or one of the
        tables beside the grocery ledger: ``"grocery_products"``, ``"grocery_demographics"``,
        ``"grocery_campaigns"``, ``"grocery_coupons"``, ``"grocery_redemptions"``; ``"company"``, a simulated online shop
        (`ccx.simulate.company`), or one of its tables: ``"company_customers"``, ``"company_channels"``, ``"company_referrals"``,
        ``"company_survey"``, ``"company_campaign"``, ``"company_refills"``, ``"company_truth"``.

    Returns
    -------
    pandas.DataFrame
        The columns are described, with units, on the data set's card (`data_card`). A transaction
        log has at least ``customer_id``, ``date`` (datetime64, midnight) and ``value`` (dollars).

    Raises
    ------
    ValueError
        If there is no data set of that name, or a file is not the one its card describes.
    FileNotFoundError
        If a file is missing.
    ModuleNotFoundError
        If the packages that hold and read the grocery data are not installed.

    Notes
    -----
    Files are checked against the SHA-256 on their card when first read, then kept in memory. Each
    call returns a new frame, so changing one does not change the next.

    Examples
    --------
    >>> log = load("cdnow")
    >>> log.head(3)
       customer_id       date  quantity  value
    0            1 1997-01-01         1  11.77
    1            2 1997-01-12         6  89.00
    2            3 1997-01-02         2  20.76
    >>> log["customer_id"].nunique()
    23570
    """
    # Under pandas' copy-on-write a shallow copy costs nothing and still shields the original.
    return _read(data_card(name).name).copy(deep=False)


@functools.cache
def _read(name):
    card = data_card(name)
    paths = [_verified(path, card) for path in _paths(card)]
    if card.package:
        frame = functools.reduce(pd.merge, [_read_table(path, card) for path in paths])
    else:
        frame = pd.read_csv(paths[0])
    return FINISHED.get(name, pd.DataFrame)(frame)[list(card.columns)]


def datasets_folder():
    """Return the data folder: inside an installed package, beside it in a checkout."""
    inside = HERE / "datasets"
    return inside if inside.is_dir() else HERE.parent / "datasets"


def _paths(card):
    folder = datasets_folder() if card.package is None else _package_data(card)
    return [folder / file for file in card.files]


def _package_data(card):
    """Find the data folder of a package without importing it."""
    package = card.package.partition("==")[0]
    spec = importlib.util.find_spec(package)
    if spec is None or importlib.util.find_spec("pyarrow") is None:
        raise ModuleNotFoundError(
            f'The data set {card.name!r} needs the packages {package} and pyarrow: run pip install "ccx[course]"'
        )
    return Path(spec.submodule_search_locations[0]) / "data"


def _verified(path, card):
    """Return the path of a file if its bytes are those the card describes."""
    file = f"The file {path.name} of the data set {card.name!r}"
    if not path.is_file():
        raise FileNotFoundError(f"{file} is missing from {path.parent}: {_remedy(path, card)}")
    if hashlib.sha256(path.read_bytes()).hexdigest() != card.files[path.name]:
        raise ValueError(f"{file} in {path.parent} is damaged or another version: {_remedy(path, card)}")
    return path


def _remedy(path, card):
    if card.package:
        return f'run pip install --force-reinstall "{card.package}"'
    return f"reinstall ccx, or in a checkout run git checkout -- datasets/{path.name}"


def _read_table(path, card):
    """Read those columns of a Parquet table that the card names."""
    from pyarrow import parquet  # here, because the library does without pyarrow elsewhere

    wanted = [column for column in parquet.read_schema(path).names if RENAMED.get(column, column) in card.columns]
    return pd.read_parquet(path, columns=wanted).rename(columns=RENAMED)


def _dated(table, column="date"):
    return table.assign(**{column: pd.to_datetime(table[column], format="%Y-%m-%d")})


def _cdnow_sample(sampled):
    return load("cdnow").merge(sampled, on="customer_id")


def _grocery(lines):
    """Turn the time stamps into days as the stores' clocks showed them."""
    # The stamps are in UTC: as they stand, an evening in New York falls on the next day.
    local = lines["date"].dt.tz_localize("UTC").dt.tz_convert("America/New_York")
    return lines.assign(date=local.dt.tz_localize(None).dt.normalize())


def _demographics(households):
    return households.assign(income=pd.Categorical(households["income"], INCOMES, ordered=True))


# What remains to be done to a table as read, where anything remains.
FINISHED = {
    "cdnow": _dated,
    "cdnow_sample": _cdnow_sample,
    "company": _dated,
    "company_customers": functools.partial(_dated, column="acquired"),
    "company_referrals": _dated,
    "company_refills": _dated,
    "grocery": _grocery,
    "grocery_demographics": _demographics,
}
