"""PostgreSQL and RabbitMQ for one stack: those that are named, or private ones that we start."""
