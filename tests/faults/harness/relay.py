"""A relay in front of a circuit, and the keys of those who come in through it."""

import zmq

PORTS = {"orders": 17601, "events": 17602, "replay": 17603}


class Keys:
    def __init__(self):
        public, secret = zmq.curve_keypair()
        self.public, self.secret = public.decode(), secret.decode()


class Relay:
    """What the config of its circuit needs for it; `settings` are more of [relay]."""

    def __init__(self, trial, host="127.0.0.1", **settings):
        self.host = host
        self.server = Keys()
        key_file = write_key(trial.home / "relay.key", self.server)
        self.config = {"relay": {**{name: [self.endpoint(name)] for name in PORTS}, "key_file": str(key_file), **settings},
                       "upstream": []}

    def endpoint(self, name):
        return f"tcp://{self.host}:{PORTS[name]}"

    def let_in(self, name, **entry):
        """Lists an upstream, and gives its keys."""
        keys = Keys()
        self.config["upstream"].append({"name": name, "public_key": keys.public, "creates_per_minute": 0, **entry})
        return keys

    def curve(self, keys):
        """What a client needs to connect."""
        return {"server_key": self.server.public, "public_key": keys.public, "secret_key": keys.secret}


def write_key(path, keys):
    path.touch(mode=0o600)
    path.write_text(keys.secret + "\n", encoding="ascii")
    return path
