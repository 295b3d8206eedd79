"""The second step of signing in: authenticators, recovery codes, and resetting both."""
