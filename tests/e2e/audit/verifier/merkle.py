"""Hashes of RFC 6962: leaves, nodes, roots of a growing log, and the way from a leaf to a root."""

import hashlib

from verifier.fault import Fault


def leaf_hash(entry):
    return hashlib.sha256(b"\0" + entry).digest()


def node_hash(left, right):
    return hashlib.sha256(b"\1" + left + right).digest()


class Tree:
    """A log to which leaves are added: holds the roots of the complete subtrees that make it up."""

    def __init__(self):
        self.size = 0
        self._subtrees = []  # from left to right, each smaller than the one before

    def add(self, hash_of_leaf):
        self._subtrees.append(hash_of_leaf)
        self.size += 1
        joins = self.size
        while joins % 2 == 0:
            right, left = self._subtrees.pop(), self._subtrees.pop()
            self._subtrees.append(node_hash(left, right))
            joins //= 2

    def root(self):
        if not self._subtrees:
            return hashlib.sha256().digest()
        result = self._subtrees[-1]
        for left in reversed(self._subtrees[:-1]):
            result = node_hash(left, result)
        return result


def root_of(hashes):
    tree = Tree()
    for one in hashes:
        tree.add(one)
    return tree.root()


def root_from_proof(hash_of_leaf, index, size, proof):
    """The root to which an inclusion proof leads, by the recursion of RFC 6962, 2.1.1."""
    if index >= size:
        raise Fault(f"leaf {index} is not in a log of {size}")
    if size == 1:
        if proof:
            raise Fault("the proof has too many hashes")
        return hash_of_leaf
    if not proof:
        raise Fault("the proof has too few hashes")
    left_size = 1 << (size - 1).bit_length() - 1  # the greatest power of two below size
    if index < left_size:
        return node_hash(root_from_proof(hash_of_leaf, index, left_size, proof[:-1]), proof[-1])
    return node_hash(
        proof[-1], root_from_proof(hash_of_leaf, index - left_size, size - left_size, proof[:-1]))
