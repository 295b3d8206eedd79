"""Many pupils at once: which ones, what would become of each, and doing it."""
