"""Alerts for Grafana: rules that read the detector's own judgement, and rules about the machine. Never mixed."""
