"""Labelled news in Chinese and English: which of them report one event."""
