"""An object store on this machine, with nothing in it; nobody else is asked for anything."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

CREDENTIALS = {"AWS_ACCESS_KEY_ID": "testing", "AWS_SECRET_ACCESS_KEY": "testing", "AWS_DEFAULT_REGION": "us-east-1"}


@contextmanager
def object_store() -> Iterator[str]:
    """The address of an empty bucket, as s3://name; programs that are started within the block find it too."""
    import s3fs
    from moto.server import ThreadedMotoServer

    from policysim.experiments.running import anywhere

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    address = "http://{}:{}".format(*server.get_host_and_port())
    with pytest.MonkeyPatch.context() as patch:
        for name, value in (CREDENTIALS | {"AWS_ENDPOINT_URL": address, "AWS_EC2_METADATA_DISABLED": "true"}).items():
            patch.setenv(name, value)
        patch.setattr(anywhere, "PAUSE_SECONDS", 0.01)
        s3fs.S3FileSystem.clear_instance_cache()
        name = f"sweeps-{address.rpartition(':')[2]}"  # buckets outlive their server, in this process
        s3fs.S3FileSystem(use_listings_cache=False).mkdir(name)
        yield f"s3://{name}"
        s3fs.S3FileSystem.clear_instance_cache()
    server.stop()
