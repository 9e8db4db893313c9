"""The API under the page: one row a request, described in OpenAPI from the same rows."""
