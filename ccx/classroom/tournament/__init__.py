"""A class plays the market game: entries are read, asked in sandboxes, and ranked on a page."""
