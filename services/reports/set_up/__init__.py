"""How far a school's logo, subjects and terms are, for the set-up guide (R28)."""
