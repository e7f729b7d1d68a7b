"""Item analysis: how hard each exercise was, whether it tells students apart, which mistakes were made and where a hint is missing."""

import math

import pandas as pd

# What may become of an answer, in the order in which the page shows it.
OUTCOMES = ("right", "known_mistake", "unexplained", "stopped", "blank", "by_hand", "waiting")
SMALL = 30  # students
HARD, EASY = 0.2, 0.95  # mean share of the points
OFTEN, UNEXPLAINED = 1 / 3, 0.2  # share of the answers


def outcome(answer):
    """Say what became of an answer.

    Parameters
    ----------
    answer : row of `results.Results.answers`

    Returns
    -------
    str
        One of `OUTCOMES`; "unexplained" is wrong in a way that no mistake of
        the bank explains, "by_hand" has no verdict but a person's.
    """
    if answer.sentence == "Right.":
        return "right"
    if answer.mistake:
        return "known_mistake"
    if answer.waiting:
        return "waiting"
    if answer.untouched or answer.sentence.startswith("Nothing here yet"):
        return "blank"
    if answer.review or answer.sentence.startswith("The cell stopped with"):
        return "stopped"
    return "unexplained" if answer.graded else "by_hand"


def judged_shares(answers, exercises):
    """The share of the points by student and exercise, NaN where there is none yet.

    Parameters
    ----------
    answers, exercises : DataFrame
        As `results.Results` has them.

    Returns
    -------
    DataFrame
    """
    points = answers["points"].mask(answers["waiting"])
    table = answers.assign(points=points).pivot(index="student", columns="exercise", values="points").reindex(columns=exercises.index)
    # 0/0 is NaN: an exercise for practice has no share.
    return table / exercises["points"]


def discrimination(shares, points):
    """Correlate each exercise with the rest: the corrected item-total correlation.

    Parameters
    ----------
    shares : DataFrame
        Share of the points by student and exercise; NaN where nothing is judged.
    points : Series
        What each exercise is worth.

    Returns
    -------
    DataFrame
        By exercise ``discrimination``, the correlation with the share earned of
        all other points, and ``undefined``, a sentence where there is none.

    Examples
    --------
    >>> shares = pd.DataFrame({"a": [0, 0, 1, 1], "b": [0, 1, 0, 1], "c": [1, 1, 1, 1]})
    >>> discrimination(shares, pd.Series({"a": 1, "b": 1, "c": 1}))["undefined"]["c"]
    'Everybody earned the same share of it.'
    """
    earned, possible = shares * points, shares.notna() * points
    rows = {}
    for name in shares.columns:
        own = shares[name]
        rest = earned.drop(columns=name).sum(axis=1) / possible.drop(columns=name).sum(axis=1)
        rows[name] = _correlation(own[own.notna() & rest.notna()], rest[own.notna() & rest.notna()])
    return pd.DataFrame.from_dict(rows, orient="index", columns=["discrimination", "undefined"])


def _correlation(own, rest):
    if len(own) < 3:
        return float("nan"), f"It takes three students with a grade for this and for other exercises, and there are {len(own)}."
    # Sums of binary fractions differ in their last digits.
    if own.max() - own.min() < 1e-9:
        return float("nan"), "Everybody earned the same share of it."
    if rest.max() - rest.min() < 1e-9:
        return float("nan"), "Everybody earned the same share of the other exercises."
    return own.corr(rest), ""


def item_table(results):
    """Describe each exercise.

    Parameters
    ----------
    results : Results

    Returns
    -------
    DataFrame
        By exercise: ``objective``, ``points``, ``answers`` (handed in), ``n`` (judged), ``mean_points``, ``difficulty`` (mean share of the points),
        ``discrimination`` and ``undefined``, how many answers are ``right``, a ``known_mistake``, ``unexplained``, ``stopped``, ``blank``, judged ``by_hand``
        and ``waiting`` for a person, ``share_blank``, ``share_stopped_or_waiting``, and the ``most_frequent_sentence`` of the unexplained ones.
    """
    answers = results.answers.assign(outcome=[outcome(answer) for answer in results.answers.itertuples()])
    shares = judged_shares(answers, results.exercises)
    counts = pd.crosstab(answers["exercise"], answers["outcome"]).reindex(index=results.exercises.index, columns=list(OUTCOMES), fill_value=0)
    table = results.exercises[["objective", "points"]].assign(answers=counts.sum(axis=1), n=shares.notna().sum(), difficulty=shares.mean())
    table.insert(4, "mean_points", table["difficulty"] * table["points"])
    table = table.join(discrimination(shares, results.exercises["points"])).join(counts)
    table["share_blank"] = table["blank"] / table["answers"]
    table["share_stopped_or_waiting"] = (table["stopped"] + table["waiting"]) / table["answers"]
    told = answers[answers["outcome"] == "unexplained"].groupby("exercise")["sentence"].agg(_most_frequent)
    return table.assign(most_frequent_sentence=told.reindex(table.index).fillna(""))


def _most_frequent(sentences):
    # The first in the alphabet of those that are equally frequent.
    return min(sentences.mode())


def mistake_table(results):
    """Count how often each known mistake was made.

    Parameters
    ----------
    results : Results

    Returns
    -------
    DataFrame
        ``exercise``, ``mistake``, ``hint``, ``count`` and ``share`` of the answers: all mistakes of the bank, those that nobody made too.
    """
    answers = results.answers[results.answers["sentence"] != "Right."]
    made = answers[answers["mistake"] != ""].groupby(["exercise", "mistake"]).size().to_dict()
    known = {(exercise.name, mistake.name): mistake.hint for exercise in results.bank.exercises.values() for mistake in exercise.mistakes
             if exercise.name in results.exercises.index}
    gone = dict.fromkeys(sorted(made.keys() - known.keys()), "(no longer in the bank)")
    handed = results.answers.groupby("exercise").size()
    rows = [(exercise, mistake, hint, made.get((exercise, mistake), 0)) for (exercise, mistake), hint in {**known, **gone}.items()]
    table = pd.DataFrame(rows, columns=["exercise", "mistake", "hint", "count"])
    return table.assign(share=table["count"] / table["exercise"].map(handed))


def objective_table(results):
    """Sum up by objective.

    Parameters
    ----------
    results : Results

    Returns
    -------
    DataFrame
        By objective: its ``exercises``, their ``points`` and the ``mean_share`` of the points judged so far.
    """
    shares, points = judged_shares(results.answers, results.exercises), results.exercises["points"]
    earned, possible = (shares * points).sum(), (shares.notna() * points).sum()
    named = results.exercises["objective"].where(results.exercises["objective"] != "")
    return pd.DataFrame({
        "exercises": points.groupby(named).agg(lambda given: ", ".join(given.index)), "points": points.groupby(named).sum(),
        "mean_share": earned.groupby(named).sum() / possible.groupby(named).sum()}).rename_axis("objective")


def attention(items, mistakes):
    """Point out what needs an instructor's attention.

    Parameters
    ----------
    items : DataFrame
        As `item_table` gives it.
    mistakes : DataFrame
        As `mistake_table` gives it.

    Returns
    -------
    list of tuple
        Exercise and sentence.
    """
    return [(item.Index, sentence) for item in items.itertuples() for sentence in _remarks(item, mistakes[mistakes["exercise"] == item.Index])]


def _remarks(item, mistakes):
    if item.difficulty <= HARD:
        yield f"Almost nobody gets it right (mean share {percent(item.difficulty)}): look at the question, the bank's answer and what the lesson says before it."
    if item.difficulty >= EASY:
        yield f"Almost everybody gets it right (mean share {percent(item.difficulty)}): it tells nobody apart."
    if round(item.discrimination, 2) < 0:
        yield (f"Whoever does better elsewhere does worse here (discrimination {decimals(item.discrimination)}): "
               "the question may be misleading or the bank's answer wrong.")
    for mistake in mistakes[mistakes["share"] > OFTEN].itertuples():
        yield f"The mistake “{mistake.mistake}” was made in {percent(mistake.share)} of the answers: the lesson could prevent it."
    if item.unexplained >= max(2, UNEXPLAINED * item.answers):
        yield (f"{item.unexplained} of {item.answers} answers are wrong in a way that no mistake explains: a hint is missing. "
               f"Most were told: “{item.most_frequent_sentence}”")


def percent(share):
    """A share as a whole percentage.

    Examples
    --------
    >>> percent(0.125)
    '12 %'
    """
    return f"{100 * share:.0f} %"


def decimals(x):
    """A figure with two decimals, a dash where there is none.

    Examples
    --------
    >>> decimals(-0.254), decimals(-0.001), decimals(float("nan"))
    ('−0.25', '0.00', '–')
    """
    return "–" if math.isnan(x) else f"{round(x, 2) + 0.0:.2f}".replace("-", "−")
