"""The page behind the link in every mail, by which a person takes themselves off the list."""
