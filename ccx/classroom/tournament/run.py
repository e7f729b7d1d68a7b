"""`ccx tournament`: a class's strategies for the market game against each other, each in a sandbox, and a leader-board of it."""

import math
import secrets
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd

from ...market._world import QUARTERS
from ...market.league import asking, ecology, meetings, next_prime, round_robin
from ...market.strategies import baselines
from ..report.sheets import write, write_rows
from .ask import SECONDS, Sandboxes
from .entries import from_folder, from_lesson
from .page import page

# Strategies of the house make up the number; those that teach most come first.
HOUSE = ("marginal", "customer_centric", "product_centric", "focal_only", "peanut_butter", "do_nothing", "copycat", "cheapest", "retention_only",
         "head_count", "random_walk")
OURS, LEAST = "house: ", 3  # how their names begin, and how many there are at least
FINALISTS = 24  # who go on to the ecology, for which everyone has to meet everyone
STEPS = 2 * QUARTERS  # of the league and of the ecology
MARKETS = 15  # at least, so that luck evens out in small classes too


@dataclass(frozen=True)
class Outcome:
    """What has come of a tournament.

    Parameters
    ----------
    name : str
        The folder or the lesson.
    seed : int
    league : DataFrame
        As from `round_robin`, with ``house``, whether a strategy is one of ours, and ``share``, what it has at the end of the ecology (0 for who was not in it).
    shares : DataFrame
        As from `ecology`.
    refused : list of Entry
        Who could not take part.
    """

    name: str
    seed: int
    league: pd.DataFrame
    shares: pd.DataFrame
    refused: list


def tournament(source, root, seed=None, workers=2, seconds=SECONDS, out=None, aliases=False, progress=None):
    """Play a class's strategies against each other and write the leader-board.

    Parameters
    ----------
    source : str
        A folder with a Python file for each strategy, or a lesson that students have handed in.
    root : Path
        The course.
    seed : int, optional
        Of all markets; drawn if left out, so that no strategy can be made for it.
    workers : int
        Sandboxes at a time.
    seconds : float
        For one decision.
    out : Path, optional
        The folder to write to; ``grading/tournaments/NAME`` in the course if left out.
    aliases : bool, default False
        Whether the page has made-up names in place of the students'.
    progress : function without arguments, optional
        Called after each of the `STEPS`.

    Returns
    -------
    outcome : Outcome
    written : list of Path
        The page and the tables.

    Raises
    ------
    FileNotFoundError, ValueError
        Where there is nothing to play with.
    NoSandbox
        Where students' code can't be shut in.
    """
    folder = Path(source)
    entries = from_folder(folder) if folder.is_dir() else from_lesson(source, root)
    name = folder.resolve().name if folder.is_dir() else source
    outcome = played(name, entries, secrets.randbits(63) if seed is None else seed, workers, seconds, progress)
    out = Path(out or Path(root, "grading", "tournaments", name))
    return outcome, _write(outcome, out, aliases)


def played(name, entries, seed, workers, seconds, progress=None):
    """Play the league and the ecology.

    Parameters
    ----------
    name : str
    entries : list of Entry
    seed, workers : int
    seconds : float
    progress : function without arguments, optional

    Returns
    -------
    Outcome
    """
    entries = [replace(entry, problem=f"Names that begin with {OURS.strip()} are the house's own.") if entry.name.startswith(OURS) else entry for entry in entries]
    playing = {entry.name: entry for entry in entries if not entry.problem}
    if not playing:
        raise ValueError(f"No strategy can take part: {entries[0].name}: {entries[0].problem}")
    house = _house(len(playing))
    rng = np.random.default_rng(seed)
    with Sandboxes(playing, workers, seconds) as theirs:
        ask = _both(asking(house), theirs.ask, house, progress or (lambda: None))
        names = [*playing, *house]
        league = round_robin(names, rng, repeats=math.ceil(2 * MARKETS / (len(names) - 1)), ask=ask)
        shares = ecology(meetings(league.index[:FINALISTS], rng, ask=ask).clip(lower=0))
    league["house"] = league.index.isin(house)
    league["share"] = shares.iloc[-1].reindex(league.index, fill_value=0.0)
    return Outcome(name, seed, league, shares, [entry for entry in entries if entry.problem])


def _house(students):
    """Our own strategies, as many as make a number for which there is a fair plan."""
    wanted = next_prime(students + LEAST) - students
    again = [HOUSE[i % len(HOUSE)] for i in range(wanted)]
    return {f"{OURS}{name.replace('_', '-')}{f' {i // len(HOUSE) + 1}' if i >= len(HOUSE) else ''}": baselines()[name] for i, name in enumerate(again)}


def _both(ours, theirs, house, progress):
    def ask(asked):
        here = {name: states for name, states in asked.items() if name in house}
        told = {**ours(here), **theirs({name: states for name, states in asked.items() if name not in house})}
        progress()
        return told

    return ask


def _write(outcome, out, aliases):
    league = outcome.league.reset_index()
    shown = {name: f"Firm {i}" if aliases and not ours else name for i, (name, ours) in enumerate(zip(league["strategy"], league["house"]), 1)}
    tables = (("league", league.assign(shown=league["strategy"].map(shown))), ("ecology", outcome.shares.reset_index()))
    return [write(out / "leader-board.html", page(outcome, shown)),
            *(write_rows(out / f"{name}.csv", table.columns, table.itertuples(index=False), as_is=("strategy",)) for name, table in tables)]


def summary(outcome, places=5):
    """Say in lines who leads, and who could not take part.

    Parameters
    ----------
    outcome : Outcome
    places : int, default 5

    Returns
    -------
    str
    """
    first = outcome.league.head(places)
    lines = [f"{rank:6d}. {name}: {row['equity']:,.0f}" for rank, (name, row) in enumerate(first.iterrows(), 1)]
    forfeited = outcome.league.query("forfeits > 0")
    lines += [f"{name}: forfeited {row['forfeits']} of {QUARTERS * row['games']} quarters, most often because: {row['reason']}" for name, row in forfeited.iterrows()]
    lines += [f"{entry.name}: {entry.problem}" for entry in outcome.refused]
    return "\n".join([f"{outcome.name}: {(~outcome.league['house']).sum()} strategies, seed {outcome.seed}", *lines])
