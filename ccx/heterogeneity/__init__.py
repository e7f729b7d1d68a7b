"""How unlike customers are: concentration of value, and how it moves with the window and the sample.

Measures of one period and their tables (`lorenz`, `gini`, `top_share`, `effective_customers`, `decile_table`), how sure they are
(`bootstrap_interval`), how they change with the length of the window (`share_by_window`), and how far the best stay the best (`moderation`).
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "concentration": ["bootstrap_interval", "decile_table", "effective_customers", "gini", "lorenz", "top_share"],
        "over_time": ["moderation", "share_by_window"],
    },
)
