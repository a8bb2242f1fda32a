"""Submissions and the people and companies behind them."""
