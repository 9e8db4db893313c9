"""The sentry: watches the chain from the skin to the eye, and names the link that broke.

Every process has one. It judges by what arrives: the newest sample of each band, the heartbeats of the services, their
confirmations, and whether its own heartbeat comes back from the broker. Never by a connection, which may be up and
dead.
"""
