"""Templates of assessment summaries and written reports, in versions (R25)."""
