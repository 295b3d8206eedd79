"""The peer of the roster's benchmarks: Django, as its documentation shows it, with PostgreSQL."""
