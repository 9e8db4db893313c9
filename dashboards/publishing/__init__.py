"""Publishing: boards, rules and the data source to a Grafana elsewhere."""
