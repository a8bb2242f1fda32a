"""An OpenAI-compatible model that answers deterministically: chat with strict schemas, embeddings, models."""
