"""B8: the night, when every school's MIS tells what it holds."""
