"""Blocks of any number and depth, as requests that Notion takes."""
