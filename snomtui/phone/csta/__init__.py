"""CSTA: programs control the phone and watch it, in the words of ECMA-269 and ECMA-323.

XML comes in, intents and XML go out. How it travels (HTTP, SIP) is nobody's business here.
"""
