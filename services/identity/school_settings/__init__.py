"""What a school decided of how its people sign in (R29)."""
