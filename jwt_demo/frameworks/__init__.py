"""The course's API in three other frameworks: as their documentation leaves it, and mended.

Each runs in a process of its own (`python -m jwt_demo.frameworks flask documented --port 8081`), since one process can hold
one Django configuration, and since their servers are not asyncio's. They need the extra `jwt_demo[frameworks]`.
"""

FRAMEWORKS = ("flask", "drf", "fastapi")
FORMS = ("documented", "mended")
ISSUER = "jwt-demo"
AUDIENCE = "jwt-demo-api"
EMAIL, PASSWORD = "user@email.com", "password"  # the article's user
