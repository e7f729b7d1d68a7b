"""Exercise bank of lesson 00: for practice, worth no points."""

import numpy as np

import ccx
from ccx.classroom.exercise import Choice, Convention, Mistake, Scalar


def log():
    return ccx.load("cdnow")


def customers_means():
    return log().groupby("customer_id")["value"].mean()


EXERCISES = [
    Scalar(
        id="00.per-purchase", objective="00.2", points=0, low=0, tolerance=0.01,
        what="the mean value of a purchase",
        answer=lambda: log()["value"].mean(),
        alternatives=[
            lambda: sum(log()["value"].tolist()) / len(log()),
            lambda: np.average(customers_means(), weights=log()["customer_id"].value_counts().sort_index()),
        ],
        conventions=[Convention("to the cent", 36.99)],
        nudge="Not yet: take the mean of the column value of purchases.",
        mistakes=[
            Mistake("per customer", lambda: log()["value"].sum() / log()["customer_id"].nunique(),
                    "That is the mean per customer; the question asks for the mean per purchase.",
                    excluded_by="mean value of a purchase"),
            Mistake("mean of the customers' means", lambda: customers_means().mean(),
                    "You took each customer's mean first, so that customers count alike; here each purchase does.",
                    excluded_by="(a row of `purchases`)"),
            Mistake("per CD", lambda: log()["value"].sum() / log()["quantity"].sum(),
                    "That is the mean value of a CD; a purchase may hold several.", excluded_by="(a row of `purchases`)"),
            Mistake("without the worthless", lambda: log()["value"][log()["value"] > 0].mean(),
                    "You left out the purchases with a value of 0; they are rows too.",
                    excluded_by="(a row of `purchases`)"),
            Mistake("the median", lambda: log()["value"].median(),
                    "That is the median purchase; the question asks for the mean.",
                    excluded_by="**mean value"),
            Mistake("CDs", lambda: log()["quantity"].mean(),
                    "That is the mean number of CDs; the question asks for dollars, the column value."),
        ],
    ),
    Choice(
        id="00.who-grades", objective="00.2", points=0, options=["a", "b", "c", "d"],
        what="who decides whether an answer is right",
        answer="b",
        alternatives=["B", " b "],
        nudge="Read the text above the question once more.",
        mistakes=[
            Mistake("the notebook", "a", "The notebook knows only fingerprints of the right answers, not the answers."),
            Mistake("the Validate button", "c", "Validate runs the same checks as you do; the grade comes afterwards."),
            Mistake("the neighbour", "d", "Nobody else's notebook is looked at when yours is graded."),
        ],
    ),
]
