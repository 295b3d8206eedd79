"""B1: schools whose whole roll is imported from a file, and imported again."""
