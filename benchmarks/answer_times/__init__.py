"""Whether the time of an answer tells who has an account (R3)."""
