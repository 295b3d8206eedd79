"""The shapes of `/api`: what the frontend's client is generated from."""
