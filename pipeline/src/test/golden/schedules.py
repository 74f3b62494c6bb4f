#!/usr/bin/env python3
"""Writes the golden schedule tables of ../resources/schedules, independently of the Java code: rank by rank, tick by
tick, an action runs in the first unit of time in which its predecessors have ended. Run: python3 schedules.py"""
import os


def order(name, r, p, m):
    if name == "gpipe":
        return [("F", i) for i in range(m)] + [("B", i) for i in range(m)] + [("S", None)]
    acts, f, b = [], 0, 0
    for _ in range(min(m, p - 1 - r)):
        acts.append(("F", f))
        f += 1
    while b < m:
        if f < m:
            acts.append(("F", f))
            f += 1
        acts.append(("B", b))
        b += 1
    return acts + [("S", None)]


def table(name, p, m):
    todo = [order(name, r, p, m) for r in range(p)]
    done, rows, t = {}, [[] for _ in range(p)], 0
    while any(todo):
        for r in range(p):
            cell = None
            if todo[r]:
                k, i = todo[r][0]
                need = {"F": (r - 1, "F", i) if r > 0 else None,
                        "B": (r + 1, "B", i) if r < p - 1 else (r, "F", i), "S": None}[k]
                if need is None or done.get(need, 10**9) < t:
                    cell = f"{r}S" if k == "S" else f"{r}{k}{i}"
                    done[(r, k, i)] = t
                    todo[r].pop(0)
            rows[r].append(cell)
        t += 1
    lines = []
    for r in range(p):
        cells = [f"{c:<3}" if c else " . " for c in rows[r]]
        while cells and cells[-1] == " . ":
            cells.pop()
        lines.append(f"stage {r}  " + " ".join(cells).rstrip())
    return "\n".join(lines) + "\n"


for name in ("gpipe", "1f1b"):
    for p in (1, 2, 4):
        for m in (1, 3, 4, 8):
            if m == 4 and p != 4:
                continue
            path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../resources/schedules")
            with open(f"{path}/{name}-p{p}-m{m}.txt", "w") as out:
                out.write(table(name, p, m))
