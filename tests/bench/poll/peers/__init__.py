"""The programs that are measured, each set up as its own manual says, with what makes it quickest here.

A program that runs on is measured without its start, one that is a command with it (tens of milliseconds).
"""
