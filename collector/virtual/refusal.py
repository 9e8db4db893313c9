"""What a firmware raises to refuse a request: the wearable answers with an ATT error."""


class Refused(Exception):
    """Refuse a read or a write. ``code`` is the ATT error; 0x80 to 0x9F are the maker's own."""

    def __init__(self, code: int = 0x80) -> None:
        super().__init__(f"ATT error 0x{code:02x}")
        self.code = code
