"""Admin accounts and users: made by hand or by the sync, listed and looked up."""
