"""Pictures of a screen without any terminal: its cells, and those cells as SVG, PNG, BMP or an asciinema recording.

May import what `ui` may. Only `camera` and `cells` know the toolkit; only `pixels` knows Pillow.
"""
