"""Every setting of the phone, once: snom's own name, type, default, permission, help, web page.

May import `errors` only. Must not know who reads a setting or what it does.
"""
