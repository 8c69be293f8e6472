"""What a token is: its three parts, its claims, its keys, its signature, and what is odd about it. No I/O, no clock."""
