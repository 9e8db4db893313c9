"""Every sentence about the page in the browser that the command line says; those on the page are in words.en.json."""


def address(shown: str) -> str:
    """Say where the page is."""
    return f"Page: {shown}"
