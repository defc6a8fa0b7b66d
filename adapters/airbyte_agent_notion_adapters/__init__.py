"""Adapters: one module per framework. This package imports none of them."""
