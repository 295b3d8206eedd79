"""All e-mail: written with the change it tells of, sent by a worker."""
