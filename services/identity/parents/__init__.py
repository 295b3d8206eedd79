"""Parents, their children, and what identity knows of the school's pupils (R2, R3, R20)."""
