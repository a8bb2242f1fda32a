"""The demo: three people who fill in a form, and the door through which anybody can send one of them."""
