"""Where files lie: an object store, the file system on one machine, S3 in a cluster."""
