"""How far a school's pupils and groups are, for the set-up guide (R28)."""
