"""The root of every error this package raises on purpose."""


class LikewiseError(Exception):
    """Base of the package's own errors."""
