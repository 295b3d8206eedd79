"""The typefaces that everything printed is set in, and which texts they can set."""
