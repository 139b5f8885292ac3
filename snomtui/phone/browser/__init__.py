"""The XML minibrowser: documents are read, links are followed, and pages are kept until somebody leaves them.

Pure: pages are fetched by the shell (`kit.box.Fetch`), and how they look is in `phone/pages/minibrowser.py`. What is
known of snom's documents is in the fact file, chapter 6. Strangers write them as they like, so reading is liberal.
"""
