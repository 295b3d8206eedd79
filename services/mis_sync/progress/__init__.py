"""Word of progress: who watches a school's link is woken when something of it has moved (R23)."""
