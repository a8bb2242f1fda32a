"""The suppression list: look, add, lift, carry over from and to elsewhere."""
