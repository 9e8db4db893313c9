"""Home Assistant: what it is told, by MQTT discovery."""
