"""The one error of all stores."""


class StoreUnavailable(Exception):
    """The state cannot be read or written now, so nobody can say whether a token still counts; the message says what failed."""
