"""Functions of LLVM IR as functions of SMT-LIB: integers only, no memory, no loops, no calls but a few intrinsics.

For each function f of the IR, text() has two definitions: f, what it returns, and f.undefined, whether it reaches a trap or
what is unreachable, or a branch or the result depends on poison (an overflow that nsw or nuw excludes, a shift by the width or
more, bits that exact says are 0).
What this module does not know ends the translation: nothing is skipped."""

import re

BINARY = {"add": "bvadd", "sub": "bvsub", "mul": "bvmul", "shl": "bvshl", "lshr": "bvlshr", "ashr": "bvashr",
          "and": "bvand", "or": "bvor", "xor": "bvxor"}
COMPARE = {"ugt": "bvugt", "uge": "bvuge", "ult": "bvult", "ule": "bvule",
           "sgt": "bvsgt", "sge": "bvsge", "slt": "bvslt", "sle": "bvsle"}
EXTREMUM = {"umin": "bvult", "umax": "bvugt", "smin": "bvslt", "smax": "bvsgt"}


def any_of(conditions):
    return "(or false " + " ".join(conditions) + ")"


def constant(value, width):
    return f"(_ bv{value % (1 << width)} {width})"


class Function:
    def __init__(self, name, parameters, body):
        self.name, self.lets, self.edges, self.returns, self.undefined = name, [], {}, [], []
        self.parameters = re.findall(r"i(\d+)[^,]*%([\w.]+)", parameters)
        for _, p in self.parameters:
            self.lets.append((f"p{p}", "false"))
        self.blocks = self.split(body, str(len(self.parameters)))
        entry = next(iter(self.blocks))
        for block in self.order(entry):
            arrivals = [c for (_, to), c in self.edges.items() if to == block]
            self.lets.append((f"r{block}", "true" if block == entry else any_of(arrivals)))
            for line in self.blocks[block]:
                self.instruction(block, line)

    @staticmethod
    def split(body, first):
        blocks = {first: []}
        for line in body.split("\n"):
            line = re.sub(r", !(nosanitize|prof) !\d+", "", line.split(";")[0].strip())
            if label := re.fullmatch(r"([\w.]+):", line):
                first = label[1]
                blocks[first] = []
            elif line:
                blocks[first].append(line)
        return blocks

    def order(self, entry):
        """The blocks, each after those that branch to it."""
        done, path = [], []

        def visit(block):
            if block in path:
                raise ValueError(f"{self.name}: a loop at {block}")
            if block in done:
                return
            path.append(block)
            for following in re.findall(r"label %([\w.]+)", self.blocks[block][-1]):
                visit(following)
            path.remove(block)
            done.append(block)

        visit(entry)
        return done[::-1]

    def operand(self, text, width):
        """Its value, and whether it is poison."""
        if text.startswith("%"):
            return "v" + text[1:], "p" + text[1:]
        if text in ("undef", "poison"):
            return constant(0, width), "true"
        return constant({"true": 1, "false": 0}.get(text) if text in ("true", "false") else int(text), width), "false"

    def instruction(self, block, line):
        reached = "r" + block
        if m := re.fullmatch(r"ret i(\d+) (\S+)", line):
            self.width = int(m[1])
            self.returns.append((reached, *self.operand(m[2], self.width)))
        elif m := re.fullmatch(r"br label %([\w.]+)", line):
            self.edge(block, m[1], reached)
        elif m := re.fullmatch(r"br i1 (\S+), label %([\w.]+), label %([\w.]+)", line):
            condition, poison = self.operand(m[1], 1)
            self.undefined.append(f"(and {reached} {poison})")
            self.edge(block, m[2], f"(and {reached} (= {condition} #b1))")
            self.edge(block, m[3], f"(and {reached} (= {condition} #b0))")
        elif line == "unreachable":
            self.undefined.append(reached)
        elif re.fullmatch(r"call void @llvm\.ubsantrap\(i8 \d+\)( #\d+)?", line):
            pass  # what follows it is unreachable
        elif m := re.fullmatch(r"%([\w.]+) = (.*)", line):
            value, poison = self.value(block, m[2])
            self.lets += [("v" + m[1], value), ("p" + m[1], poison)]
        else:
            raise ValueError(f"{self.name}: {line}")

    def edge(self, block, to, condition):
        before = self.edges.get((block, to))
        self.edges[block, to] = any_of([before, condition]) if before else condition

    def value(self, block, text):
        if m := re.fullmatch(r"(\w+)((?: nsw| nuw| exact)*) i(\d+) (\S+), (\S+)", text):
            if m[1] in BINARY:
                return self.binary(m[1], m[2].split(), int(m[3]), m[4], m[5])
        if m := re.fullmatch(r"icmp (\w+) i(\d+) (\S+), (\S+)", text):
            (a, pa), (b, pb) = (self.operand(m[i], int(m[2])) for i in (3, 4))
            holds = f"({COMPARE[m[1]]} {a} {b})" if m[1] in COMPARE else f"(= {a} {b})"
            yes, no = ("#b0", "#b1") if m[1] == "ne" else ("#b1", "#b0")
            return f"(ite {holds} {yes} {no})", any_of([pa, pb])
        if m := re.fullmatch(r"select i1 (\S+), i(\d+) (\S+), i\d+ (\S+)", text):
            c, pc = self.operand(m[1], 1)
            (a, pa), (b, pb) = (self.operand(m[i], int(m[2])) for i in (3, 4))
            return f"(ite (= {c} #b1) {a} {b})", any_of([pc, f"(ite (= {c} #b1) {pa} {pb})"])
        if m := re.fullmatch(r"(zext|sext|trunc) i(\d+) (\S+) to i(\d+)", text):
            (a, poison), narrow, wide = self.operand(m[3], int(m[2])), int(m[2]), int(m[4])
            if m[1] == "trunc":
                return f"((_ extract {wide - 1} 0) {a})", poison
            return f"((_ {'zero' if m[1] == 'zext' else 'sign'}_extend {wide - narrow}) {a})", poison
        if m := re.fullmatch(r"(?:tail )?call { i(\d+), i1 } @llvm\.(\w)(add|sub|mul)\.with\.overflow\.i\d+"
                             r"\(i\d+ (\S+), i\d+ (\S+)\)(?: #\d+)?", text):
            return self.with_overflow(m[3], {"s": "nsw", "u": "nuw"}[m[2]], int(m[1]), m[4], m[5])
        if m := re.fullmatch(r"extractvalue { i(\d+), i1 } %([\w.]+), ([01])", text):
            high, low = (0, 0) if m[3] == "1" else (int(m[1]), 1)
            return f"((_ extract {high} {low}) v{m[2]})", "p" + m[2]
        if m := re.fullmatch(r"phi i(\d+) (.*)", text):
            return self.phi(block, int(m[1]), re.findall(r"\[ (\S+), %([\w.]+) \]", m[2]))
        # What may follow a call are attributes, and for ctlz the range that it cannot leave.
        if m := re.fullmatch(r"(?:tail )?call (?:\w+ )*?i(\d+) @llvm\.([\w.]+)\.i\d+\((.*?)\)(?: #\d+)?(?:, !range !\d+)?", text):
            return self.intrinsic(m[2], int(m[1]), [a.split()[-1] for a in m[3].split(",")])
        raise ValueError(f"{self.name}: {text}")

    def binary(self, name, flags, width, left, right):
        (a, pa), (b, pb) = self.operand(left, width), self.operand(right, width)
        value, bad = f"({BINARY[name]} {a} {b})", [pa, pb]
        if name in ("shl", "lshr", "ashr"):
            bad.append(f"(bvuge {b} {constant(width, width)})")
        for flag in flags:
            if flag == "exact":
                bad.append(f"(not (= (bvshl {value} {b}) {a}))")
            elif name == "shl":
                bad.append(f"(not (= ({'bvashr' if flag == 'nsw' else 'bvlshr'} {value} {b}) {a}))")
            else:
                bad.append(self.overflows(name, flag, width, a, b))
        return value, any_of(bad)

    @staticmethod
    def overflows(name, flag, width, a, b):
        """Does an addition, subtraction or multiplication do what nsw or nuw excludes?"""
        wider = f"(_ {'sign' if flag == 'nsw' else 'zero'}_extend {width if name == 'mul' else 1})"
        operation = BINARY[name]
        return f"(not (= ({operation} ({wider} {a}) ({wider} {b})) ({wider} ({operation} {a} {b}))))"

    def with_overflow(self, name, flag, width, left, right):
        """The pair of a result and whether it overflowed, as one integer whose last bit is the latter."""
        (a, pa), (b, pb) = self.operand(left, width), self.operand(right, width)
        overflow = f"(ite {self.overflows(name, flag, width, a, b)} #b1 #b0)"
        return f"(concat ({BINARY[name]} {a} {b}) {overflow})", any_of([pa, pb])

    def phi(self, block, width, arms):
        value, poison = self.operand(arms[-1][0], width)
        for operand, source in arms[:-1]:
            a, pa = self.operand(operand, width)
            taken = self.edges[source, block]
            value, poison = f"(ite {taken} {a} {value})", f"(ite {taken} {pa} {poison})"
        return value, poison

    def intrinsic(self, name, width, arguments):
        operands = [self.operand(a, 1 if a in ("true", "false") else width) for a in arguments]
        a, poison = operands[0][0], any_of(p for _, p in operands)
        b = operands[1][0] if len(operands) > 1 else None
        if name in EXTREMUM:
            return f"(ite ({EXTREMUM[name]} {a} {b}) {a} {b})", poison
        if name == "usub.sat":
            return f"(ite (bvult {a} {b}) {constant(0, width)} (bvsub {a} {b}))", poison
        if name == "ctlz":
            zeros = constant(width, width)
            for i in range(width):
                zeros = f"(ite (= ((_ extract {i} {i}) {a}) #b1) {constant(width - 1 - i, width)} {zeros})"
            zero_is_poison = f"(and (= {b} #b1) (= {a} {constant(0, width)}))"
            return zeros, any_of([poison, zero_is_poison])
        raise ValueError(f"{self.name}: intrinsic {name}")

    def text(self):
        """The definitions."""
        _, value, poison = self.returns[-1]
        for reached, other, other_poison in self.returns[:-1]:
            value, poison = f"(ite {reached} {other} {value})", f"(ite {reached} {other_poison} {poison})"
        signature = " ".join(f"(v{name} (_ BitVec {bits}))" for bits, name in self.parameters)

        def definition(name, sort, body):
            for variable, term in reversed(self.lets):
                body = f"(let (({variable} {term}))\n{body})"
            return f"(define-fun {name} ({signature}) {sort}\n{body})\n"

        return (definition(self.name, f"(_ BitVec {self.width})", value) +
                definition(self.name + ".undefined", "Bool", any_of(self.undefined + [poison])))


def functions(ir):
    """Those of a module, by their names."""
    pattern = r"^define [^@]*@([\w.$]+)\((.*?)\)[^{\n]*\{\n(.*?)^\}"
    return {m[1]: Function(m[1], m[2], m[3]) for m in re.finditer(pattern, ir, re.S | re.M)}
