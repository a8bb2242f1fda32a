"""Tables of words: what the checks look for, one row a meaning, to be read and added to."""
