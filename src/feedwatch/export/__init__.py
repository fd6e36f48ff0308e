"""Items and stories written out for others: JSON Lines, CSV and Atom, and what changed between revisions.

Pure: values in, bytes or values out. Every writer is a generator, so that an archive of any size passes through in
little memory.
"""
