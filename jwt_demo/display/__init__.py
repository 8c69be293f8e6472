"""Pictures of tokens and exchanges, as text, as HTML and in a terminal; the live inspector."""
