"""Another e-mail address for the admin account, on the request of a head or deputy (R5)."""
