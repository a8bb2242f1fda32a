"""What can be seen from outside: log lines, one trace from webhook to last step, metrics, health."""
