"""Walks through the Google side of a sandbox, and compares every request and answer with Google's discovery documents.

Arguments: the address of the sandbox, a directory or wheel that holds the documents.
"""

import json
import re
import sys
import urllib.error
import urllib.parse
import urllib.request
import zipfile

BASE, WHERE = sys.argv[1:3]
FOLDER = "googleapiclient/discovery_cache/documents/"
problems, methods, called = [], [], set()
TYPES = {"string": str, "boolean": bool, "object": dict, "array": list}


def document(name):
    if WHERE.endswith(".whl"):
        with zipfile.ZipFile(WHERE) as wheel:
            return json.loads(wheel.read(f"{FOLDER}{name}.json"))
    with open(f"{WHERE}/{name}.json") as file:
        return json.load(file)


def collect(doc, resource):
    for method in resource.get("methods", {}).values():
        path = "/" + doc.get("servicePath", "") + method.get("flatPath", method["path"])
        pattern = re.sub(r"\{[^}]+\}", "[^/]+", re.sub(r"([.])", r"\\\1", path))
        methods.append((method["httpMethod"], re.compile(pattern + "$"), doc, method, path.count("{")))
    for child in resource.get("resources", {}).values():
        collect(doc, child)


for name in ("compute.v1", "container.v1", "container.v1beta1", "iam.v1", "iamcredentials.v1",
             "cloudresourcemanager.v1", "cloudresourcemanager.v3", "serviceusage.v1"):
    doc = document(name)
    collect(doc, doc)


def check(doc, schema, value, path):
    if "$ref" in schema:
        return check(doc, doc["schemas"][schema["$ref"]], value, path)
    kind = schema.get("type", "any")
    if kind == "any":
        return
    if kind in ("integer", "number"):
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            problems.append(f"{path} is {value!r}, not a number")
        return
    if not isinstance(value, TYPES[kind]):
        problems.append(f"{path} is {value!r}, not a {kind}")
    elif kind == "string":
        if "enum" in schema and value not in schema["enum"]:
            problems.append(f"{path} is {value!r}, none of {schema['enum']}")
        if schema.get("format") in ("int64", "uint64") and not re.fullmatch(r"-?\d+", value):
            problems.append(f"{path} is {value!r}, not a number in text")
    elif kind == "array":
        for item in value:
            check(doc, schema["items"], item, path + "[]")
    elif kind == "object":
        known, others = schema.get("properties", {}), schema.get("additionalProperties")
        for field, part in value.items():
            if field in known:
                check(doc, known[field], part, f"{path}.{field}")
            elif others is None:
                problems.append(f"{path} has an unknown field {field}: {part!r}")
            else:
                check(doc, others, part, f"{path}.{field}")


def call(verb, path, body=None, status=200, **query):
    """Sends a request; what is sent and answered must be as documented. Answers the body."""
    found = [m for m in methods if m[0] == verb and m[1].match(path)]
    if not found:
        problems.append(f"no document has {verb} {path}")
        return {}
    # The most literal path is meant.
    _, _, doc, method, _ = min(found, key=lambda m: m[4])
    name = f"{doc['version']}:{method['id']}"
    known = {**doc.get("parameters", {}), **method.get("parameters", {})}
    for parameter in query:
        if parameter not in known:
            problems.append(f"{name} has no parameter {parameter}")
    if body is not None:
        check(doc, method["request"], body, f"{name} request")
    url = f"{BASE}{path}?" + urllib.parse.urlencode({"alt": "json", **query}, doseq=True)
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data, {"content-type": "application/json"}, method=verb)
    try:
        with urllib.request.urlopen(request) as response:
            got, text = response.status, response.read()
    except urllib.error.HTTPError as error:
        got, text = error.code, error.read()
    answer = json.loads(text)
    if got != status:
        problems.append(f"{name} {path}: {got}, not {status}: {answer}")
    elif got == 200:
        check(doc, method["response"], answer, name)
        called.add(name)
    elif answer.get("error", {}).get("code") != status or not answer["error"].get("message"):
        problems.append(f"{name}: not an error: {answer}")
    return answer


def done(answer, error=None):
    """Asks for a compute operation until it is done."""
    path = urllib.parse.urlparse(answer.get("selfLink", "/none")).path
    for verb, suffix in (("GET", ""), ("POST", "/wait")):
        answer = call(verb, path + suffix)
    if answer.get("status") != "DONE":
        problems.append(f"not done: {answer}")
    got = answer.get("error", {}).get("errors", [{}])[0].get("code")
    if got != error:
        problems.append(f"{path} ended with {got}, not {error}: {answer}")
    return answer


P, REGION = "demo-project", "us-central1"
C = f"/compute/v1/projects/{P}"
R = f"{C}/regions/{REGION}"
exec(compile(open(sys.argv[3]).read(), sys.argv[3], "exec"))

if problems:
    print("\n".join(problems))
    sys.exit(1)
print(f"{len(called)} methods answer as documented")
