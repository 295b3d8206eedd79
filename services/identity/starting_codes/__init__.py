"""Starting codes: one random code a user, printed on a slip, in place of the default (R2)."""
