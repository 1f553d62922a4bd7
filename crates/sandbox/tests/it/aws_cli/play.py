"""Runs commands of the aws tool, all in one process, and shows what comes of them."""

import contextlib
import functools
import io
import json
import re
import shlex
import sys

import jmespath
from awscli.clidriver import create_clidriver
from botocore.loaders import JSONFileLoader

# A new driver for each command, but the models of the services are read only once.
read = JSONFileLoader.load_file
kept = functools.cache(lambda path: read(JSONFileLoader(), path))
JSONFileLoader.load_file = lambda _, path: kept(path)

names = {}
for line in filter(None, map(str.strip, sys.argv[1].splitlines())):
    name, command = re.match(r"(?:(\w+) = )?(.*)", line).groups()
    command, _, path = command.partition(" : ")
    for known in sorted(names, key=len, reverse=True):
        command = command.replace("$" + known, names[known])
    out, errors = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(errors):
        code = create_clidriver().main(shlex.split(command))
    if code != 0:
        shown = re.search(r"\((\S+)\)", errors.getvalue())
        result = f"{code} {shown[1]}" if shown else f"{code} {errors.getvalue().strip()}"
    else:
        answer = json.loads(out.getvalue() or "null")
        found = jmespath.search(path, answer) if path else None
        if name:
            names[name] = found
            continue
        result = json.dumps(found) if path else "ok"
    for known, value in names.items():
        result = result.replace(value, "$" + known)
    print(" ".join(shlex.split(line)[:2]), result)
