"""Sockets, clock, files and the media thread: what drives a box.

May import the boxes and all floors below. Must not know Textual or HTTP.
"""
