-- Dead letters that were replayed or discarded are kept for a while and no longer.
GRANT DELETE ON dead_letters TO {service}_relay;
