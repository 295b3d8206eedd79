"""B7: 26 August, when every school rolls up."""
