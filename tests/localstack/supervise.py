"""Runs LocalStack as a child that cannot outlive whoever started it.

    python supervise.py PORT VOLUME_DIR LOG_FILE

Keep a pipe open on standard input for as long as LocalStack is wanted. However the other end closes,
`kill -9` included, the kernel reports end of file here, and the child's whole process group is ended.
Exits with 0 after end of file, 130 after a signal, 1 when LocalStack ended by itself: LOG_FILE says why.
"""

import os
import select
import signal
import subprocess
import sys
import time
from pathlib import Path

STOP_SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
GRACE_SECONDS = 5.0
POLL_SECONDS = 0.2
SERVICES = "s3,sqs,sns,events,sts,iam,kms,cloudformation"


def main(port: str, volume: str, log_file: str) -> int:
    for number in STOP_SIGNALS:
        signal.signal(number, stop_on_signal)
    Path(volume).mkdir(parents=True, exist_ok=True)
    Path(log_file).parent.mkdir(parents=True, exist_ok=True)
    with open(log_file, "ab") as log:
        child = start(port, volume, log)
    try:
        return 0 if wait_for_end_of_input(child) else 1
    finally:
        end(child)


def stop_on_signal(_number, _frame):
    sys.exit(130)


def start(port: str, volume: str, log) -> subprocess.Popen:
    return subprocess.Popen(
        [sys.executable, "-m", "localstack.runtime.main"],
        env=environment(port, volume),
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=subprocess.STDOUT,
        # A process group of its own: LocalStack starts processes, and they must end with it.
        start_new_session=True,
    )


def environment(port: str, volume: str) -> dict:
    return {
        **os.environ,
        "GATEWAY_LISTEN": f"127.0.0.1:{port}",
        "LOCALSTACK_VOLUME_DIR": str(Path(volume).resolve()),
        "SERVICES": SERVICES,
        "EAGER_SERVICE_LOADING": "1",
        "DISABLE_EVENTS": "1",
        "SKIP_SSL_CERT_DOWNLOAD": "1",
        "PYTHONUNBUFFERED": "1",
    }


def wait_for_end_of_input(child: subprocess.Popen) -> bool:
    """True at end of file on standard input, False when the child ended first."""
    while child.poll() is None:
        ready, _, _ = select.select([sys.stdin.fileno()], [], [], POLL_SECONDS)
        if ready and not os.read(sys.stdin.fileno(), 4096):
            return True
    return False


def end(child: subprocess.Popen) -> None:
    """Asks the process group to stop, and kills what is left of it after the grace period."""
    for number in STOP_SIGNALS:
        # A second signal must not cut the end short and leave the child behind.
        signal.signal(number, signal.SIG_IGN)
    signal_group(child, signal.SIGTERM)
    deadline = time.monotonic() + GRACE_SECONDS
    while group_is_alive(child) and time.monotonic() < deadline:
        child.poll()
        time.sleep(0.05)
    signal_group(child, signal.SIGKILL)
    child.wait()


def group_is_alive(child: subprocess.Popen) -> bool:
    return signal_group(child, 0)


def signal_group(child: subprocess.Popen, number: int) -> bool:
    try:
        # The child leads its group, so the group bears its id even after the child itself is gone.
        os.killpg(child.pid, number)
    except ProcessLookupError:
        return False
    return True


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit("usage: supervise.py PORT VOLUME_DIR LOG_FILE")
    sys.exit(main(*sys.argv[1:]))
