"""Sentences that a school's users share for their comments (R26)."""
