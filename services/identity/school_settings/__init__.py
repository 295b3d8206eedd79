"""What a school decided: its details, and how its people sign in (R29)."""
