"""The web pages of the phone, in the order of its menu: Operation, Setup, Status.

Each module answers a family of pages and has `routes(frame)`; `frame` is what they all stand in.
"""
