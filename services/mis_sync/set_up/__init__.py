"""How far a school's MIS link and mapping are, for the set-up guide (R28)."""
