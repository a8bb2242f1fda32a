"""One file a subject, one function a rule; `table.py` lists them."""
