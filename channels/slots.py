"""The template slots a channel may fill: files at `channels/<kind>/<slot>.html`."""

from typing import Final

TEMPLATE_SLOTS: Final = {
    "help": "the set-up guide; sees `channel`, `service`, `form`, `checks`, `proved`",
    "account": "the account tab of a service; sees `service` and `channel`",
    "preview": "a message as the network shows it; sees `preview` (name, handle, text, pieces ...)",
    "card": "rows of a visitor's general data; sees `visitor` and `channel`",
}
