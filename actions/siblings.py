"""What the folder `connectors` gives to this one: the client of the live chat service's bridge.

The folders may be shipped under names of their own, all with the same beginning (`livechat_actions` beside
`livechat_connectors`); so the neighbour is named after this package.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from connectors.bridge import Bridge
    from connectors.errors import ConnectorError, NotConfigured, Refused
    from connectors.settings import BridgeSettings
else:
    _neighbour = __package__.split(".")[0].replace("actions", "connectors")
    Bridge = import_module(f"{_neighbour}.bridge").Bridge
    _errors = import_module(f"{_neighbour}.errors")
    ConnectorError, NotConfigured, Refused = _errors.ConnectorError, _errors.NotConfigured, _errors.Refused
    BridgeSettings = import_module(f"{_neighbour}.settings").BridgeSettings

__all__ = ["Bridge", "BridgeSettings", "ConnectorError", "NotConfigured", "Refused"]
