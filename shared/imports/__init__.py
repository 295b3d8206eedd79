"""What every import of a table has in common, whatever its rows are about (R10).

A file is uploaded and staged, its columns are told, it is looked through, and it is confirmed once,
whole or not at all. A service adds what its rows say, what becomes of them, and how that is done.
"""
