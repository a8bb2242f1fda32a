"""Gmail, Drive, Calendar and Google's token endpoint as the sandbox plays them."""
