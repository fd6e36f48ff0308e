"""The room against the corpus."""
