"""`python -m services.mis_sync.connectors`: the connectors' command line."""

from services.mis_sync.connectors.cli import app

if __name__ == "__main__":
    app(prog_name="connectors")
