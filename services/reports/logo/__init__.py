"""The school's logo: taken in, made anew, and given out under one fixed name (R24)."""
