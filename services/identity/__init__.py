"""Schools, accounts, passwords, sessions, e-mail and the activity log (R1–R9)."""
