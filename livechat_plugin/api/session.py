"""`/api/v1/session`: an agent signs in, asks who they are, signs out."""

from .. import render
from ..errors import NotSignedIn
from ..usecases import sign_in
from ..wire.common import Stored
from ..wire.dashboard import SignedIn, SignIn
from . import auth
from .call import Call
from .routing import Answer, Routes

routes = Routes("/api/v1/session", "agent")


@routes("POST", "", SignedIn, who="newcomer", body=SignIn)
async def begin(call: Call) -> Answer:
    """Sign in with e-mail address and password."""
    token, agent = await sign_in.sign_in(
        call.services.context,
        call.services.passwords,
        call.body.email.strip(),
        call.body.password,
        auth.address(call.request),
        call.request.headers.get("user-agent"),
    )
    return Answer(SignedIn(agent=render.agent(agent)), cookie=token)


@routes("GET", "", SignedIn)
async def show(call: Call) -> SignedIn:
    """Who is signed in."""
    return SignedIn(agent=render.agent(call.agent))


@routes("DELETE", "", Stored, who="newcomer")
async def end(call: Call) -> Answer:
    """Sign out."""
    try:
        token = auth.cookie(call.request, call.services.config)
    except NotSignedIn:
        return Answer(Stored(), cookie="")
    await sign_in.sign_out(call.services.context, token)
    call.services.desk.end_session(token)
    return Answer(Stored(), cookie="")
