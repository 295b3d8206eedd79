"""Users who come by a file: read, looked through, confirmed, and then made or changed (R10)."""
