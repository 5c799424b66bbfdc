"""Finds the tables of every domain."""

import importlib
import importlib.util
import pkgutil

import webapp


def load() -> None:
    """Import every domain's models, so that the metadata is complete."""
    for name in ("audit", "folders", "background.models"):
        importlib.import_module(f"webapp.kernel.{name}")
    for item in pkgutil.iter_modules(webapp.__path__, "webapp."):
        if item.ispkg:
            _import(item.name)


def _import(package: str) -> None:
    name = f"{package}.models"
    if importlib.util.find_spec(name) is not None:
        importlib.import_module(name)
