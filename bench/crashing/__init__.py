"""Interrupting libreview: `launch` runs it with one file-changing call going wrong, `rows` says what is run, `trials` judges
what is left of the review, `order` judges the order of the calls, `crowd` lets many write at once.
"""
