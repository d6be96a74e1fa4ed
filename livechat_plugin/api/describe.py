"""Prints the OpenAPI file: `python -m livechat_plugin.api.describe > dashboard_app/protocol/openapi.json`."""

import json

from ..app import APIS
from . import openapi


def main() -> None:
    print(json.dumps(openapi.document(openapi.paths(APIS)), indent=1, ensure_ascii=False))


if __name__ == "__main__":
    main()
