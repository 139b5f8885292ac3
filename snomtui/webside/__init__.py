"""The web side of a phone, put together: its ports, its certificate and where that comes from, its insides as pages.

Roof: it joins `remote`, which knows no sockets and keys, with `shell`, which knows no pages.
"""
