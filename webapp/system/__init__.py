"""The instance as a whole: home, settings pages, health, search, supervision."""

from webapp.kernel.domain import Command, Domain


def _instance(name: str, told: str) -> Command:
    return Command(at=f"commands.instance:{name}", help=told)


DOMAIN = Domain(
    package=__name__,
    start="web.start:init",
    blueprint="views:blueprint",
    permissions="permissions:PERMISSIONS",
    navigation="navigation:ENTRIES",
    additions="additions:ADDITIONS",
    tasks="tasks.registry:TASKS",
    retention="audit.retention:RULES",
    commands={
        "db": _instance("database", "Look after the database."),
        "demo": _instance("demo", "Do the whole main job offline, then stay up."),
        "health": _instance("show_health", "Tell whether everything in the background runs."),
        "make-key": _instance("make_key", "Print a fresh encryption key."),
        "plugin": Command(
            at="commands.plugins:plugin", help="Look at the plugins, or begin a new one."
        ),
        "remove-sandbox": _instance(
            "remove_sandbox", "Remove the sandbox with its people and deliveries."
        ),
        "rotate-keys": _instance("rotate_keys", "Encrypt every secret again."),
        "scheduler": _instance("scheduler", "Run the scheduler."),
        "up": _instance("up", "Start everything; Ctrl-C ends all of it."),
        "worker": _instance("worker", "Run one worker."),
    },
)
