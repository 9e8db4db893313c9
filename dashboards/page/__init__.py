"""The page: tonight and the nights in a browser, from this machine alone."""
