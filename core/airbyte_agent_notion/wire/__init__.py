"""How requests travel to Notion: retry and status as pure functions, grants and limits as locked state driven by flows;
``transport.py`` alone does I/O.
"""
