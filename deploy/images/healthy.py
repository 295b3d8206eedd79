"""Whether the process in this container is ready, for its health check; as cheap as can be.

Neither an HTTP library nor the packages of the service are loaded: it runs every few seconds.
"""

import socket
import sys

with socket.create_connection(("127.0.0.1", 8000), timeout=4) as connection:
    connection.sendall(b"GET /ready HTTP/1.0\r\nHost: localhost\r\n\r\n")
    status = connection.makefile("rb").readline().split()[1:2]
sys.exit(status != [b"200"])
