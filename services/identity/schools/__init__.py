"""The tenants: setting a school up, and its details."""
