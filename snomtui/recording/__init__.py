"""Recordings and pictures of a demo that is played from a script: `snomtui record`.

Part of the roof: joins the phone, the front end and the ui, without sockets and on a clock of its own, so that the same
script gives the same recording every time.
"""
