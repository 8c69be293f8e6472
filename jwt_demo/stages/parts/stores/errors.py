"""What all stores have in common: one error, and one distrust."""

CLOCK_JUMP = (
    24 * 60 * 60
)  # seconds by which a clock may be ahead for a while, and no revoked token counts again


class StoreUnavailable(Exception):
    """The state cannot be read or written now, so nobody can say whether a token still counts; the message says what failed."""
