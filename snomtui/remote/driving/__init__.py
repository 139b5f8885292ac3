"""How a snom phone is driven from outside over HTTP, real or simulated: `snomtui dial` and the commands like it."""
