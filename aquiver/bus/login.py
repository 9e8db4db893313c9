"""A login: who a client is to the broker."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Login:
    """An account and its password, which is never shown, and the certificate of the authority to trust."""

    account: str | None
    password: str | None = field(repr=False)
    authority: str = ""


NOBODY = Login(None, None)
