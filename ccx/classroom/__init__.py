"""What an instructor calls: exercise banks, building the release, scoring, the student bundle."""
