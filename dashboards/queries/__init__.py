"""What the boards and rules ask of InfluxDB, in InfluxQL: one bucket, no retention policy's name."""
