"""Language models: structured answers and embeddings."""
