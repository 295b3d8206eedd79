"""How fast the product is, beside a peer and a physical limit measured in the same run."""
