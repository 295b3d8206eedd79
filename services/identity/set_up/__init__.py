"""What identity knows of how far a school is set up, and whether its guide was put away (R28)."""
