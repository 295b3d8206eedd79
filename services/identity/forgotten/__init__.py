"""A forgotten password: asked for without an answer, and answered by e-mail (R3, R5)."""
