"""Any OpenAI-compatible server: one implementation of the llm ports in two thin calls."""
