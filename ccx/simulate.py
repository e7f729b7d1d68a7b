"""Firms whose truth is known: what one would observe, and beside it what only the simulator knows."""
