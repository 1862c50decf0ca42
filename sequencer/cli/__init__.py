"""The command line: the one place that may wire every package together. It stays thin."""
