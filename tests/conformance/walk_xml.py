"""Holds an XML document of the query and ec2 protocols against a shape of a botocore model."""

import re

from walk import Walker


def tag(node):
    """An element's name without its namespace."""
    return node.tag.rpartition("}")[2]


def namespace(node):
    return node.tag.rpartition("}")[0].lstrip("{")


class XmlWalker(Walker):
    """Elements instead of values; the leaves are text."""

    def structure(self, shape, node, path):
        members = {}
        for name, member in shape.members.items():
            members[self._name(member, name)] = (name, member)
        seen = {}
        for child in node:
            seen.setdefault(tag(child), []).append(child)
        for name, children in seen.items():
            if name not in members:
                self.wrong(f"{path}.{name}", f"is no member of {shape.name}")
                continue
            self.ledger.saw_member(self.service, shape, name)
            _, member = members[name]
            if self._is_flat(member):
                for child in children:
                    self.ledger.saw(self.service, member)
                    self.walk(member.member, child, f"{path}.{name}")
                continue
            if len(children) != 1:
                self.wrong(f"{path}.{name}", f"is there {len(children)} times")
            self.walk(member, children[0], f"{path}.{name}")
        self._no_text(node, path)
        for name in shape.required_members:
            member = shape.members[name]
            empty_list = member.type_name in ("list", "map") and self._is_flat(member)
            if self._name(member, name) not in seen and not empty_list:
                self.wrong(path, f"has no {name}, which {shape.name} requires")

    def list(self, shape, node, path):
        expected = shape.member.serialization.get("name", "member")
        for child in node:
            if tag(child) != expected:
                self.wrong(f"{path}.{tag(child)}", f"is no item of the list {shape.name}; its items are `{expected}`")
            else:
                self.walk(shape.member, child, f"{path}[]")
        self._no_text(node, path)

    def map(self, shape, node, path):
        names = (shape.key.serialization.get("name", "key"), shape.value.serialization.get("name", "value"))
        for entry in node:
            parts = {tag(part): part for part in entry}
            if tag(entry) != "entry" or set(parts) != set(names):
                self.wrong(f"{path}.{tag(entry)}", f"is no entry of the map {shape.name}")
                continue
            self.walk(shape.key, parts[names[0]], f"{path}{{}}")
            self.walk(shape.value, parts[names[1]], f"{path}.{parts[names[0]].text}")

    def string(self, shape, node, path):
        super().string(shape, self._text(node, path), path)

    def integer(self, shape, node, path):
        text = self._text(node, path)
        if re.fullmatch(r"[+-]?\d+", text):
            super().integer(shape, int(text), path)
        else:
            self.wrong(path, f"is {text!r}, not a {shape.type_name}")

    long = integer

    def float(self, shape, node, path):
        text = self._text(node, path)
        try:
            float(text)
        except ValueError:
            self.wrong(path, f"is {text!r}, not a {shape.type_name}")

    double = float

    def boolean(self, shape, node, path):
        text = self._text(node, path)
        if text not in ("true", "false"):
            self.wrong(path, f"is {text!r}, not a boolean")

    def timestamp(self, shape, node, path):
        self._plausible_text(self._text(node, path), path)

    def blob(self, shape, node, path):
        super().blob(shape, self._text(node, path), path)

    def _name(self, member, name):
        if self._is_flat(member):
            return member.member.serialization.get("name", member.serialization.get("name", name))
        return member.serialization.get("name", name)

    @staticmethod
    def _is_flat(member):
        return member.type_name == "list" and member.serialization.get("flattened", False)

    def _text(self, node, path):
        if len(node):
            self.wrong(path, f"has the element {tag(node[0])} where text belongs")
        return node.text or ""

    def _no_text(self, node, path):
        texts = [node.text, *(child.tail for child in node)]
        if any(text and text.strip() for text in texts):
            self.wrong(path, "has text between its elements")
