"""The commands. With ``aquiver.__main__`` the only modules that see every package."""
