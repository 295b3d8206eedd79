"""B2: what a night brings, from the broker into roster and one read model of it."""
