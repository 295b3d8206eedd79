"""Who has claimed their account, who still waits and by what, and what the admin does about it."""
