"""A report of one pupil: what it is made of, how a template makes it, its print (R27)."""
