"""What OneRoster means, in whichever way it is carried: as CSV files or through its REST service.

The connectors beside this folder read an export as checked rows; here it becomes a snapshot.
"""
