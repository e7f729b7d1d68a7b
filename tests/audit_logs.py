"""A log small enough to be worked out by hand, for the tests of the customer-base audit."""

import pandas as pd

import ccx

# Ann buys in both quarters, Bo in the first, Cy comes back, Di is new, Eve sends back in the second what she bought in the first.
ROWS = [("Cy", "2023-11-01", 8.0), ("Ann", "2024-01-10", 10.0), ("Ann", "2024-02-10", 20.0), ("Bo", "2024-02-11", 30.0), ("Eve", "2024-03-01", 40.0),
        ("Eve", "2024-04-01", -15.0), ("Ann", "2024-04-02", 25.0), ("Cy", "2024-05-01", 5.0), ("Di", "2024-06-30", 50.0), ("Di", "2024-06-30", 10.0)]  # fmt: skip


def audited(rows=ROWS, **options):
    log = pd.DataFrame(rows, columns=["customer_id", "date", "value", "margin"][:len(rows[0])])
    return ccx.audit(log, **{"start": "2023-10-01", "end": "2024-06-30", **({"margin": "margin"} if len(rows[0]) > 3 else {}), **options})
