"""What users record of pupils: attainment, effort and comments, by subject and term (R26)."""
