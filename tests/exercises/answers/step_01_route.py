"""Right and wrong answers to the exercises of `step_01_route`."""

from __future__ import annotations

from tests.exercises.answers.model import Wrong

RIGHT = {
    "01-add-route": (
        """
async def answer(request):
    return web.Response(text='{"pong": true}', content_type="application/json")


def add_route(app):
    app.add_routes([web.get("/ping", answer)])
    return app
""",
    ),
}

WRONG = {
    "01-add-route": (
        Wrong(
            "404 with the right body",
            """
def add_route(app):
    async def ping(request):
        return web.json_response({"pong": True}, status=404)
    app.router.add_get("/ping", ping)
""",
            "must be 200",
        ),
        Wrong(
            "the handler is called",
            """
def add_route(app):
    async def ping(request):
        return web.json_response({"pong": True})

    app.router.add_get("/ping", ping(None))
""",
            "Give the handler itself",
        ),
        Wrong(
            "no slash",
            """
def add_route(app):
    async def ping(request):
        return web.json_response({"pong": True})

    app.router.add_get("ping", ping)
""",
            "starts with `/`",
        ),
        Wrong(
            "no parameter",
            "def add_route(app):\n    async def ping():\n        return web.json_response({'pong': True})\n\n    app.router.add_get('/ping', ping)",
            "takes one argument, the request",
        ),
        Wrong(
            "plain text",
            "def add_route(app):\n    async def ping(request):\n        return web.Response(text='pong')\n\n    app.router.add_get('/ping', ping)",
            "The response must say that its body is JSON.",
        ),
        Wrong(
            "a plain def",
            """
def add_route(app):
    def ping(request):
        return web.json_response({"pong": True})

    app.router.add_get("/ping", ping)
""",
            "Write `async def`",
        ),
        Wrong(
            "POST",
            """
def add_route(app):
    async def ping(request):
        return web.json_response({"pong": True})

    app.router.add_post("/ping", ping)
""",
            "not for GET",
        ),
        Wrong(
            "any method",
            """
def add_route(app):
    async def ping(request):
        return web.json_response({"pong": True})

    app.router.add_route("*", "/ping", ping)
""",
            "405",
        ),
        Wrong(
            "any path",
            """
def add_route(app):
    async def ping(request):
        return web.json_response({"pong": True})

    app.router.add_get("/{anything}", ping)
""",
            "Add a route for /ping only",
        ),
        Wrong(
            "another application",
            """
def add_route(app):
    async def ping(request):
        return web.json_response({"pong": True})

    app = web.Application()
    app.router.add_get("/ping", ping)
""",
            "The application has no route for /ping. Add it",
        ),
        Wrong(
            "a dict for a response",
            """
def add_route(app):
    async def ping(request):
        return {"pong": True}

    app.router.add_get("/ping", ping)
""",
            "not a response",
        ),
        Wrong(
            "text that looks like JSON",
            """
def add_route(app):
    async def ping(request):
        return web.json_response({"pong": "true"})

    app.router.add_get("/ping", ping)
""",
            "Python's `True`",
        ),
        Wrong(
            "return forgotten",
            """
def add_route(app):
    async def ping(request):
        web.json_response({"pong": True})

    app.router.add_get("/ping", ping)
""",
            "Is a `return` missing?",
        ),
        Wrong(
            "as in other frameworks",
            """
def add_route(app):
    @app.get("/ping")
    async def ping(request):
        return web.json_response({"pong": True})
""",
            "`app.router`",
        ),
        Wrong(
            "an application of its own, returned",
            """
def add_route(app):
    app = web.Application()
    async def ping(request):
        return web.json_response({"pong": True})
    app.router.add_get("/ping", ping)
    return app
""",
            "Your function returned another application",
        ),
    ),
}

EQUIVALENT = {
    "01-add-route": {
        "return app → return None": "what the function returns is not asked for",
        "'application/json' → 'APPLICATION/JSON'": "a media type is the same in any case of letters",
    },
}
