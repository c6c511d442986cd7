"""Alembic's command line, kept running: for shell-alembic.test.

Reads a command a line, its words separated by tabs, "quit" ends.  Answers with
the exit status, the number of characters that follow in standard output and in
the log, and these.  The first answer is Alembic's version.
"""
import contextlib
import io
import logging
import os
import sys

if os.environ.get("ALEMBIC"):       # a directory that holds another one
    sys.path.insert(0, os.environ["ALEMBIC"])

import alembic
from alembic.config import CommandLine

ENV = """
from alembic import context
import sqlalchemy
engine = sqlalchemy.create_engine("sqlite:///alembic.db")
if context.is_offline_mode():
    context.configure(url="sqlite://", literal_binds=True)
    with context.begin_transaction():
        context.run_migrations()
else:
    with engine.connect() as connection:
        context.configure(connection=connection)
        with context.begin_transaction():
            context.run_migrations()
engine.dispose()
"""


def start():
    os.makedirs("alembic/versions", exist_ok=True)
    with open("alembic/env.py", "w") as out:
        out.write(ENV)
    with open("alembic.ini", "w") as out:
        out.write("[alembic]\nscript_location = alembic\n")


def run(words):
    out, log = io.StringIO(), io.StringIO()
    handler = logging.StreamHandler(log)
    logger = logging.getLogger("alembic.runtime.migration")
    logger.setLevel(logging.INFO)
    logger.addHandler(handler)
    status = 0
    # it keeps the standard output of its first moment as a default
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(log):
        try:
            command = CommandLine(prog="alembic")
            options = command.parser.parse_args(words)
            config = alembic.config.Config("alembic.ini", stdout=out,
                                           cmd_opts=options)
            command.run_cmd(config, options)
        except SystemExit as end:
            status = 1 if end.code else 0
        except Exception as error:
            log.write("%s: %s\n" % (type(error).__name__, error))
            status = 1
    logger.removeHandler(handler)
    return status, out.getvalue(), log.getvalue()


start()
print(alembic.__version__, flush=True)
for line in sys.stdin:
    words = line.rstrip("\n").split("\t")
    if words == ["quit"]:
        break
    status, out, log = run(words)
    sys.stdout.write("%d %d %d\n%s%s" % (status, len(out), len(log), out, log))
    sys.stdout.flush()
