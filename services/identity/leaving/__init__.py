"""A school leaves, and when its time is over all that is kept of it goes."""
