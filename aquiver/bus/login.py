"""A login: who a client is to the broker."""

from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Login:
    """An account and its password, which is never shown, and the certificate of the authority to trust.

    Where there is no password yet, ``look`` is asked for it before each attempt to connect: a broker that starts for
    the first time is still making it.
    """

    account: str | None
    password: str | None = field(repr=False)
    authority: str = ""
    look: Callable[[], str | None] | None = field(default=None, repr=False, compare=False)

    def present_password(self) -> str | None:
        """Give the password, if there is one by now."""
        return self.password or (self.look() if self.look is not None else None)


NOBODY = Login(None, None)
