"""B5: a Monday at 08:45, when everybody signs in."""
