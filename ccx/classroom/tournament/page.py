"""The leader-board: one HTML file without scripts or anything to be fetched, its pictures with their descriptions."""

from pathlib import Path

from ..._answer import clipped
from ..._page import render
from ...plot.figure import new_axes, picture
from ...plot.game import plot_ecology, plot_league
from ..report.page import WIDTH

LETTERS, ROWS = 26, 50  # for which a picture has room


def page(outcome, shown):
    """Write the leader-board.

    Parameters
    ----------
    outcome : Outcome
    shown : dict of str to str
        The name on the page for each strategy.

    Returns
    -------
    str
        HTML, in which every text from outside is escaped.
    """
    league = outcome.league.rename(index=shown)
    students = league.index[~league["house"]]
    return render(
        Path(__file__).parent / "page.html", name=outcome.name, seed=outcome.seed, students=len(students), house=int(league["house"].sum()), games=int(league["games"].iloc[0]),
        finalists=outcome.shares.shape[1], generations=len(outcome.shares) - 1, rows=_rows(league), refused=outcome.refused,
        pictures=[picture(ax, caption) for ax, caption in _plots(outcome, {name: _short(there) for name, there in shown.items()})])


def _rows(league):
    return [{"rank": rank, **row} for rank, row in enumerate(league.reset_index().to_dict("records"), 1)]


def _plots(outcome, labels):
    league = outcome.league.head(ROWS).rename(index=labels)
    tall = new_axes(WIDTH, 0.9 + 0.26 * len(league))
    return [(plot_league(league, set(league.index[~league["house"]]), ax=tall),
             "Mean customer equity, and one standard deviation between games to either side. Diamonds: the class; dots: the house."),
            (plot_ecology(outcome.shares.rename(columns=labels), ax=new_axes(WIDTH, 3.2)),
             "Shares of all firms, when strategies grow with what they earn in the market that they make up together.")]


def _short(name):
    """A name that a picture has room for, and in which no dollar begins a formula."""
    return clipped(name if len(name) <= LETTERS else f"{name[:LETTERS - 1]}…").replace("$", r"\$")
