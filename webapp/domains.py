"""The domains of the product, lowest first: each may import those before it.

This is the one place where they are listed. What a domain brings, it declares in its own package.
"""

from webapp import (
    acquisition,
    audience,
    deliveries,
    experiments,
    media,
    operators,
    privacy,
    profiles,
    reports,
    services,
    system,
    tracking,
    workflows,
)

DOMAINS = (
    operators.DOMAIN,
    services.DOMAIN,
    workflows.DOMAIN,
    audience.DOMAIN,
    profiles.DOMAIN,
    media.DOMAIN,
    deliveries.DOMAIN,
    tracking.DOMAIN,
    experiments.DOMAIN,
    acquisition.DOMAIN,
    reports.DOMAIN,
    privacy.DOMAIN,
    system.DOMAIN,
)


def load() -> None:
    """Import what every application is made of, before processes that make one are forked."""
    for domain in DOMAINS:
        for place in (domain.start, domain.blueprint, domain.additions, domain.tasks):
            if place:
                domain.find(place)
