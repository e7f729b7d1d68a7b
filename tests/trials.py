"""What the tests of randomised trials share: a small trial whose truth is known."""

import numpy as np
import pandas as pd

ARMS = ["control", "letter", "voucher"]


def trial(n, seed, effect=lambda x: 0.0 * x, noise=1.0):
    """Customers with a covariate x, one of three arms, and an outcome to which only the voucher adds, by ``effect(x)``."""
    rng = np.random.default_rng(seed)
    x, arm = rng.normal(size=n), rng.choice(ARMS, n)
    return pd.DataFrame({"x": x, "arm": arm, "effect": effect(x), "y": 2 * x + (arm == "voucher") * effect(x) + noise * rng.normal(size=n)})
