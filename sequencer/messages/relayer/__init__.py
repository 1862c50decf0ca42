"""The relayer daemon: brings messages to their targets, each once."""
