"""HubSpot, Google and an OpenAI-compatible model as one local server: the other end of the wire in demos and tests."""
