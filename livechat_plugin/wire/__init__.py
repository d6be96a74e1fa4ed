"""What crosses a wire: every body and frame that the service reads or writes, as msgspec structs.

One module per neighbour: `dashboard`, `widget`, `bridge` (Rasa side → service), `connector` (service → Rasa side) and
`sockets` (frames of both browser sockets); `common` holds what they share. The OpenAPI file and the front end's types
are generated from here, so a field that is not here does not exist. Times are ISO 8601 in UTC with milliseconds.
"""
