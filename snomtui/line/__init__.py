"""One identity at one server, with its conversations: link, registration, calls, subscriptions, publications.

May import sip, auth, ocs, simple, media and the ground. Must not know the phone, the front end, sockets or a clock.
Everything that leaves goes through `Line.send`: there is no second exit, so nothing leaves unsigned.
"""
