"""The server of one line: where it is, how it is reached, and that it knows us.

May import the other rooms of `line` and what `line` may import. Must not know calls or subscriptions.
"""
