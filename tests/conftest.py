from hypothesis import settings

# Compiled kernels make the first example slow, so there is no deadline; in CI the same examples
# are drawn every time.
settings.register_profile("privascope", deadline=None, derandomize=True)
settings.load_profile("privascope")
