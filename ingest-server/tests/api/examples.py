"""Looks at the examples of /openapi.json: each has the shape that stands beside it."""

import json
import sys
import urllib.request

import jsonschema_rs

METHODS = {"get", "post"}
# Fewer would mean that they are looked for in the wrong place.
EXAMPLES_MIN = 12


def contents(operation):
    """What is sent and what is answered, each with a word for it."""
    body = operation.get("requestBody", {})
    yield from (("body", content) for content in body.get("content", {}).values())
    for status, response in operation["responses"].items():
        yield from ((status, content) for content in response.get("content", {}).values())


def examples(content):
    if "example" in content:
        yield content["example"]
    yield from (example["value"] for example in content.get("examples", {}).values())


def main(url):
    with urllib.request.urlopen(url, timeout=10) as answer:
        document = json.load(answer)
    seen = 0
    for path, item in document["paths"].items():
        for method in METHODS & item.keys():
            for word, content in contents(item[method]):
                for example in examples(content):
                    schema = {**content["schema"], "components": document["components"]}
                    jsonschema_rs.Draft202012Validator(schema).validate(example)
                    seen += 1
                    print(method, path, word)
    assert seen >= EXAMPLES_MIN, f"there are only {seen} examples"


main(sys.argv[1])
