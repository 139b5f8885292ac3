"""Calls of one line: both directions, their media, changes and ends, transfers, who is at the other end.

May import the other rooms of `line` and what `line` may import. Must not know the registration.
"""
