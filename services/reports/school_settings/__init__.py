"""What a school decided about its reports: subjects, terms and attainment scale (R29)."""
