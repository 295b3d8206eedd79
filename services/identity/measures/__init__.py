"""What operators watch of signing in and of e-mail, over all schools and of none by name."""
