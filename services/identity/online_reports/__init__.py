"""Parents and online reports: who is told of them by e-mail, and whom they reach (R27)."""
