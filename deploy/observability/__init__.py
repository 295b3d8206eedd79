"""What operators watch: Prometheus' configuration and rules, and Grafana's dashboards as code."""
