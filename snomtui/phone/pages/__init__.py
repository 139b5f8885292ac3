"""The pages of the display, one file each. A page is drawn from the model and answers key presses.

May import the phone's values (intents, snapshot, model, keys). Must not change the model: it says what should happen.
"""
