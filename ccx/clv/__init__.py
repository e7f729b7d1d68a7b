"""The probability models of customer lifetime value, one file per setting."""

from .repeat import NBDModel

__all__ = ["NBDModel"]
