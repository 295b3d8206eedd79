"""What operators watch of the making of reports, over all schools and of none by name."""
