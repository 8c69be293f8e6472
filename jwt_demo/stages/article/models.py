"""Users as the article keeps them: in memory, passwords in plain text. Every fault in here is shown and fixed in a notebook."""


class User:
    class DoesNotExist(BaseException):
        pass

    class TooManyObjects(BaseException):
        pass

    class PasswordDoesNotMatch(BaseException):
        pass

    def __init__(self, id, email, password, is_admin=False):
        self.id = id
        self.email = email
        self.password = password
        self.is_admin = is_admin

    def __repr__(self):
        return f"User id={self.id}: <{self.email}, is_admin={self.is_admin}>"

    def match_password(self, password):
        if password != self.password:
            raise User.PasswordDoesNotMatch


class Objects:
    def __init__(self):
        self._storage = []

    def create(self, **fields):
        self._storage.append(User(id=len(self._storage) + 1, **fields))
        return self._storage[-1]

    def filter(self, **fields):
        found = self._storage
        for name, value in fields.items():
            if value:
                found = [user for user in found if getattr(user, name) == value]
        return found

    def get(self, **fields):
        found = self.filter(**fields)
        if len(found) > 1:
            raise User.TooManyObjects
        if not found:
            raise User.DoesNotExist
        return found[0]


User.objects = Objects()
