"""What operators watch of the sync, over all schools and of none by name."""
