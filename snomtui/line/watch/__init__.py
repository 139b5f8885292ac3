"""What others tell us and what we tell others: subscriptions and publications, in both dialects.

May import the other rooms of `line` and what `line` may import. Must not know calls or the registration.
"""
