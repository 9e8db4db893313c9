"""The boards for Grafana: values in Python, from which the committed JSON is made.

Made with grafana-foundation-sdk, which only those need who change a board: the JSON is what is installed.
"""
