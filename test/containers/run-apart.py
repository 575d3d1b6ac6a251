"""Runs a server in namespaces of its own, so that it may have fixed ports and paths beside others and this machine's own.

  run-apart.py STATE FOLDERS [PORT:SERVERS-PORT]... -- COMMAND [ARG]...

STATE/FOLDER is put over each FOLDER that the file FOLDERS names, and /dev/shm is empty. COMMAND is the first process
there, which has no network but its own loopback; connections to PORT at 127.0.0.1 of this machine are passed to
SERVERS-PORT there. SIGTERM goes to COMMAND. Ends when COMMAND and all that it has started have ended, with its exit
status; when this is killed, or its parent dies, they are. Takes root, and Linux.
"""

import asyncio
import contextlib
import ctypes
import fcntl
import os
import signal
import socket
import struct
import sys

PR_SET_PDEATHSIG = 1
CLONE_NEWNET = 0x40000000
SIOCSIFFLAGS, IFF_UP, IFF_LOOPBACK = 0x8914, 1, 8

ENTER = '''
set -eu
state=$1 folders=$2
shift 2
PATH=/usr/sbin:/usr/bin:/sbin:/bin # what Debian's packages brought, and no other Python
while read -r folder; do mount -n --bind "$state$folder" "$folder"; done <"$folders"
mount -n -t tmpfs tmpfs /dev/shm
exec "$@"
'''

libc = ctypes.CDLL(None, use_errno=True)
answering = set()


def enter_network():
    """The sockets that are open already stay in the network of this machine."""
    if libc.unshare(CLONE_NEWNET) != 0:
        raise OSError(ctypes.get_errno(), 'cannot make a network namespace')
    with socket.socket() as any_socket:
        fcntl.ioctl(any_socket, SIOCSIFFLAGS, struct.pack('16sH14x', b'lo', IFF_UP | IFF_LOOPBACK))


def reset(writer):
    if not writer.is_closing():
        writer.get_extra_info('socket').setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 0))
        writer.transport.abort()


async def pass_on(reader, writer):
    while octets := await reader.read(65536):
        writer.write(octets)
        await writer.drain()
    if not writer.is_closing():
        writer.write_eof()


async def serve(client, to_client, port):
    """Passes on what either side sends, its end and its reset too."""
    try:
        server, to_server = await asyncio.open_connection('127.0.0.1', port)
    except OSError:
        reset(to_client)
        return
    answers = asyncio.ensure_future(pass_on(server, to_client))
    answering.add(answers)
    try:
        await asyncio.gather(pass_on(client, to_server), answers)
    except OSError:
        reset(to_client)
        reset(to_server)
    finally:
        answering.discard(answers)
        to_client.close()
        to_server.close()


def end(unshare):
    # It has no child yet, or none any more.
    with contextlib.suppress(OSError, ValueError):
        with open(f'/proc/{unshare}/task/{unshare}/children', encoding='ascii') as children:
            os.kill(int(children.read()), signal.SIGTERM)


async def run(state, folders, ports, command):
    loop = asyncio.get_running_loop()
    pairs = [tuple(map(int, pair.split(':'))) for pair in ports]
    listeners = [(socket.create_server(('127.0.0.1', port)), servers_port) for port, servers_port in pairs]
    enter_network()
    listening = [await asyncio.start_server(lambda *client, port=port: serve(*client, port), sock=listener)
             for listener, port in listeners]
    server = await asyncio.create_subprocess_exec(
        'setpriv', '--pdeathsig', 'KILL',
        'unshare', '--mount', '--pid', '--mount-proc', '--fork', '--kill-child',
        'sh', '-c', ENTER, 'sh', state, folders, *command)
    loop.add_signal_handler(signal.SIGTERM, lambda: end(server.pid))
    status = await server.wait()

    for each in listening:
        each.close()
    if answering:
        await asyncio.wait(answering, timeout=1)
    return status


def main(arguments):
    libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    options, command = arguments[:arguments.index('--')], arguments[arguments.index('--') + 1:]
    state, folders, *ports = options
    sys.exit(asyncio.run(run(state, folders, ports, command)))


main(sys.argv[1:])
