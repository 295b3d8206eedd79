"""A school has left."""
