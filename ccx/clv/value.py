"""From purchases to money: customer lifetime value, iso-value grids and the table of recency, frequency and spend."""

import numpy as np
import pandas as pd

from ..customer_base import days_in
from ._model import require_rate


def continuous_rate(annual_rate, time_unit):
    """The continuously compounded discount rate per time unit that equals an annual rate.

    Parameters
    ----------
    annual_rate : float
        0.15 for 15 percent a year.
    time_unit : {"D", "W", "M", "Y"}
        The unit of the data: days, weeks, or months and years of average length.

    Returns
    -------
    float
        δ = log(1 + annual_rate) / units per year, the δ of Fader, Hardie and Lee (2005, JMR). They count
        52 weeks to a year, we 365.25 / 7 = 52.18.

    Raises
    ------
    ValueError
        When the rate is not positive or the unit unknown.

    Examples
    --------
    >>> round(continuous_rate(0.15, "W"), 4)
    0.0027
    """
    require_rate(annual_rate)
    return float(np.log1p(annual_rate)) * days_in(time_unit) / days_in("Y")


def expected_customer_lifetime_value(data, transaction_model, spend_model, *, margin, discount_rate, time_unit):
    """Customer lifetime value: margin × expected spend per purchase × discounted expected residual transactions.

    Parameters
    ----------
    data : DataFrame with ``frequency``, ``recency``, ``T`` and ``monetary_value``
        From `customer_base`; every customer is valued, those without a repeat purchase too.
    transaction_model : RepeatModel
        Fitted to the same data.
    spend_model : GammaGammaModel
    margin : float
        Share of spend that the firm keeps.
    discount_rate : float
        Per *year*, 0.15 for 15 percent.
    time_unit : {"D", "W", "M", "Y"}
        Unit of ``recency`` and ``T``, the one given to `customer_base`; for `BetaGeoBetaBinomModel` the time between
        opportunities. There is no default: weekly data valued as daily come out several times too high.

    Returns
    -------
    Series, aligned to `data`
        Present value, at each customer's ``T``, of the margins still to come, in the currency of the data.

    Raises
    ------
    ValueError
        When a column is missing or impossible, a rate is not positive or the unit is unknown.

    Notes
    -----
    Fader, Hardie and Lee (2005), "RFM and CLV: using iso-value curves for customer base analysis", Journal of
    Marketing Research 42(4), 415-430.

    Examples
    --------
    >>> import ccx
    >>> from ccx.clv import GammaGammaModel, ParetoNBDModel
    >>> base = ccx.customer_base(ccx.load("cdnow_sample"), calibration_end="1997-09-30", time_unit="W")
    >>> value = expected_customer_lifetime_value(base, ParetoNBDModel.fit(base), GammaGammaModel.fit(base),
    ...                                          margin=0.3, discount_rate=0.15, time_unit="W")
    >>> bool((value > 0).all())
    True
    """
    if not np.isfinite(margin):
        raise ValueError(f"margin must be a number, the share of spend that the firm keeps, not {margin}.")
    rate = continuous_rate(discount_rate, time_unit)
    dert = transaction_model.dert(data, np.expm1(rate) if transaction_model.discrete_time else rate)
    return (margin * spend_model.expected_customer_spend(data) * dert).rename("lifetime_value")


def history_grid(function, frequency, recency, T, discrete_time=False):
    """Evaluate a prediction for every combination of frequency and recency.

    Parameters
    ----------
    function : of a DataFrame with ``frequency``, ``recency`` and ``T``
        Returns one value per row, as ``lambda past: model.expected_purchases(past, 39)`` does.
    frequency, recency : sequence of float
    T : float
        Length of observation, the same for all.
    discrete_time : bool, default False
        Whether time is counted in opportunities, as for `BetaGeoBetaBinomModel`: nobody then has bought more often
        than there were.

    Returns
    -------
    DataFrame
        A row per frequency, a column per recency; missing where no customer can be (a
        repeat purchase without recency, or recency without a repeat purchase, or beyond ``T``).

    Examples
    --------
    >>> from ccx.clv import BetaGeoModel
    >>> model = BetaGeoModel(r=0.243, alpha=4.414, a=0.793, b=2.426)
    >>> history_grid(model.expected_probability_alive, [0, 7], [0, 20, 39], T=39).round(2)
    recency     0     20    39
    frequency
    0          1.0   NaN   NaN
    7          NaN  0.14  0.91
    """
    cells = pd.MultiIndex.from_product([frequency, recency], names=["frequency", "recency"]).to_frame(index=False)
    possible = ((cells["frequency"] == 0) == (cells["recency"] == 0)) & (cells["recency"] <= T)
    if discrete_time:
        possible &= cells["frequency"] <= cells["recency"]
    values = pd.Series(np.nan, index=cells.index)
    values[possible] = np.asarray(function(cells[possible].assign(T=float(T))))
    return pd.DataFrame(values.to_numpy().reshape(len(frequency), len(recency)),
                        index=pd.Index(frequency, name="frequency"), columns=pd.Index(recency, name="recency"))


def iso_value(transaction_model, frequency, recency, T, discount_rate, value_per_purchase=1.0):
    """What a customer is worth by frequency and recency; lines of equal value run through it like contours of a map.

    Parameters
    ----------
    transaction_model : RepeatModel
    frequency, recency : sequence of float
    T : float
        Length of observation, in the time unit of the model.
    discount_rate : float
        Per time unit, as for `dert`.
    value_per_purchase : float, default 1
        Margin × spend; at 1 the grid counts discounted purchases.

    Returns
    -------
    DataFrame
        A row per frequency, a column per recency.

    Examples
    --------
    >>> from ccx.clv import ParetoNBDModel
    >>> model = ParetoNBDModel(r=0.563, alpha=12.559, s=0.408, beta=10.515)
    >>> iso_value(model, [1, 7], [30, 70], T=77.86, discount_rate=0.0027).round(1)
    recency     30    70
    frequency
    1          2.2   3.7
    7          0.8  17.5
    """
    dert = history_grid(lambda past: transaction_model.dert(past, discount_rate), frequency, recency, T,
                        transaction_model.discrete_time)
    return value_per_purchase * dert


def rfm_table(data, value):
    """Customers and their value by thirds of recency, frequency and spend; those without a repeat purchase are a class apart.

    Parameters
    ----------
    data : DataFrame with ``frequency``, ``recency`` and ``monetary_value``
    value : Series, aligned to `data`
        Lifetime value, for example.

    Returns
    -------
    DataFrame
        By ``R``, ``F`` and ``M``, each 1 (low) to 3 (high) or 0 for customers without a repeat purchase:
        ``customers``, ``total``, ``mean`` and ``share`` of all value. Customers who tie stay in one third, so thirds
        may be unequal.

    Examples
    --------
    >>> base = pd.DataFrame({"frequency": [0, 0, 1, 5, 9], "recency": [0, 0, 2, 20, 38], "monetary_value": [0, 0, 10, 20, 30]})
    >>> rfm_table(base, pd.Series([1, 1, 2, 6, 10])).loc[(0, 0, 0)].tolist()
    [2.0, 2.0, 1.0, 0.1]
    """
    thirds = {letter: _thirds(data[column], data["frequency"] > 0)
              for letter, column in (("R", "recency"), ("F", "frequency"), ("M", "monetary_value"))}
    table = value.groupby([third.rename(letter) for letter, third in thirds.items()]).agg(customers="size", total="sum", mean="mean")
    return table.assign(share=table["total"] / table["total"].sum())


def _thirds(column, repeat):
    cuts = column[repeat].quantile([1 / 3, 2 / 3])
    return pd.Series(np.where(repeat, 1 + np.searchsorted(cuts, column), 0), index=column.index)
