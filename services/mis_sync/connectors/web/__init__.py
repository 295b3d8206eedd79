"""What the connectors share that read a MIS through a web service: its configuration and its HTTP.

Nothing here knows what is read.
"""
