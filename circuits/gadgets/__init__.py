"""Gadgets: one statement a file, as plain functions over a builder and wires."""
