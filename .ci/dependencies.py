"""Hold the dependencies against deny.toml without cargo-deny.

Building cargo-deny takes longer than building ecsdeck, so CI checks the same
three things here from `cargo metadata`: licences, bans, sources. Advisories
need a network and are left to `cargo deny check advisories` by hand.
"""

import json
import re
import subprocess
import sys
import tomllib


def metadata():
    command = ["cargo", "metadata", "--locked", "--format-version", "1"]
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def satisfied(expression, allowed):
    """Whether an SPDX expression can be met with the allowed licences.

    AND binds tighter than OR; WITH belongs to the licence before it.
    """
    tokens = re.findall(r"\(|\)|[^\s()]+", expression.replace("/", " OR "))
    position = 0

    def take():
        nonlocal position
        position += 1
        return tokens[position - 1]

    def peek():
        return tokens[position] if position < len(tokens) else None

    def licence():
        if peek() == "(":
            take()
            value = either()
            if peek() != ")":
                raise ValueError(expression)
            take()
            return value
        name = take()
        if peek() == "WITH":
            take()
            name = f"{name} WITH {take()}"
        return name in allowed

    def both():
        value = licence()
        while peek() == "AND":
            take()
            other = licence()
            value = value and other
        return value

    def either():
        value = both()
        while peek() == "OR":
            take()
            other = both()
            value = value or other
        return value

    value = either()
    if peek() is not None:
        raise ValueError(expression)
    return value


def problems(packages, rules):
    allowed = set(rules["licenses"]["allow"])
    banned = {entry["name"] for entry in rules["bans"].get("deny", [])}
    ours = {package["name"] for package in packages if package["source"] is None}
    for package in packages:
        name = f"{package['name']} {package['version']}"
        if package["source"] is not None and not package["source"].startswith("registry+"):
            yield f"{name}: comes from {package['source']}, not from the registry"
        if package["name"] in banned:
            yield f"{name}: is banned"
        if not package["license"]:
            yield f"{name}: names no licence"
        elif not satisfied(package["license"], allowed):
            yield f"{name}: {package['license']} is not allowed"
        if package["source"] is None:
            for needed in package["dependencies"]:
                if needed["req"] == "*" and needed["name"] not in ours:
                    yield f"{name}: takes any version of {needed['name']}"


def main():
    with open("deny.toml", "rb") as file:
        rules = tomllib.load(file)
    packages = metadata()["packages"]
    found = list(problems(packages, rules))
    for line in found:
        print(line)
    print(f"dependencies: {len(packages)} packages checked, {len(found)} problems")
    return 1 if found else 0


if __name__ == "__main__":
    assert satisfied("MIT OR GPL-3.0", {"MIT"}) and not satisfied("MIT AND GPL-3.0", {"MIT"})
    assert satisfied("(MIT OR X) AND Apache-2.0 WITH LLVM-exception", {"MIT", "Apache-2.0 WITH LLVM-exception"})
    sys.exit(main())
