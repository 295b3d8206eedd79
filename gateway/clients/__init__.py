"""Clients of the services, one module each: what is asked of them, and the shapes they answer."""
