"""The web side of the phone: its HTTP server, its JSON objects, and the client that commands any snom phone.

May import the boxes and all floors below, starlette, uvicorn, jinja2 and msgspec; `client` alone imports httpx. Must
not know the terminal, SIP sockets or the command line: what it needs of the phone comes in through `doors.Doors`.
"""
