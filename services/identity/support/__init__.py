"""Contact us: messages of a school's people to the operator's support (R28)."""
