"""Lets `python -m webapp` run the command line."""

from webapp.cli import main

main()
