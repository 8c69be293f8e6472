"""The course's API in three other frameworks: with only the code of their documentation, and fixed.

Each runs in a process of its own (`python -m jwt_demo.frameworks flask documented --port 8081`), since one process can have
one Django configuration, and since two of the servers are not asyncio's. They need the extra `jwt_demo[frameworks]`.
"""

FRAMEWORKS = {
    "flask": "flask_jwt_extended",  # the module that reads tokens there
    "drf": "rest_framework_simplejwt",
    "fastapi": "fastapi",
}
FORMS = ("documented", "fixed")
EMAIL, PASSWORD = "user@email.com", "password"  # the article's user
ISSUER = "https://login.example"  # the fixed ones name who issued a token,
AUDIENCES = {name: f"https://{name}.example" for name in FRAMEWORKS}  # and which of them it is for
