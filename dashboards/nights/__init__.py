"""The pages of nights: from records to what a browser shows of them. Pure: no store, no clock, no server."""
