"""The desk around the phone: SIP trace, log, remote commands, media. Imported when it is opened."""
