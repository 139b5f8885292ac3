"""Requests in the forms in which programs of other people send them, byte for byte, on real sockets."""
