"""The activity log of all services (R9)."""
