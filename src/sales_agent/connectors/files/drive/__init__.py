"""Google Drive: one implementation of the files port."""
