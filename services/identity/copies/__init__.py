"""What identity knows of groups and of who is linked to them, as roster tells it."""
