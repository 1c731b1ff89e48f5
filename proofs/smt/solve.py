"""solve.py CLANG FILE.cpp FOLDER: proves for each function FROM_to_TO_MODE of the file, as clang compiles it, that it is SMT-LIB's
to_fp for every input, and that no input meets what is undefined in that code. FROM is a format, or pack: a number in parts.
Both z3 and cvc5 must say so: two encodings of floating point that share nothing. Prints a line for each FROM_to_TO, a claim of ../CLAIMS.md."""

import pathlib
import re
import subprocess
import sys

import llvm_to_smt

FORMATS = {"fp16": (5, 11), "bf16": (8, 8), "fp32": (8, 24)}
SOLVERS = (("z3", "-T:120"), ("cvc5", "--fp-exp", "--produce-models", "--tlimit=120000"))
INCLUDE = pathlib.Path(__file__).resolve().parents[2] / "include"


def input_of(source):
    """How wide an input x is, and its number."""
    if source in FORMATS:
        e, p = FORMATS[source]
        return e + p, f"((_ to_fp {e} {p}) x)"
    # As conversions.cpp takes it apart. fp32 has the integer, the power of two, and every product of such.
    integer = "((_ to_fp_unsigned 8 24) RNE ((_ extract 21 0) x))"
    power = f"(fp ((_ extract 31 31) x) (bvadd ((_ zero_extend 2) ((_ extract 27 22) x)) (_ bv{127 - 48} 8)) (_ bv0 23))"
    return 32, f"(fp.mul RNE {integer} {power})"


def goal(function, name):
    """Is there an input on which the function differs from to_fp, or is undefined? NaNs are one value to SMT-LIB."""
    source, _, target, mode = name.split("_")
    (width, number), (te, tp) = input_of(source), FORMATS[target]
    return (f"(set-logic QF_BVFP)\n(declare-const x (_ BitVec {width}))\n{function.text(te + tp)}"
            f"(assert (or ({name}.undefined x)\n"
            f"  (not (= ((_ to_fp {te} {tp}) ({name} x)) ((_ to_fp {te} {tp}) {mode} {number})))))\n"
            f"(check-sat)\n(get-model)\n")


def refutations(path):
    """What the solvers answered, unless it is that there is no such input."""
    for command in SOLVERS:
        answer = subprocess.run([*command, path], capture_output=True, text=True).stdout.strip()
        if answer.split("\n")[0] != "unsat":
            yield command[0] + " says " + " ".join(answer.split())


def main(clang, source, folder):
    modes = {}
    for source_format, target, mode in re.findall(r"uint64_t (\w+)_to_(\w+)_(\w+)\(", source.read_text()):
        modes.setdefault(f"{source_format}-to-{target}", []).append(mode)
    folder.mkdir(parents=True, exist_ok=True)
    ir = folder / (source.stem + ".ll")
    subprocess.run([clang, "-std=c++20", "-O1", "-S", "-emit-llvm", "-I", INCLUDE, source, "-o", ir], check=True)
    functions = llvm_to_smt.functions(ir.read_text())
    refuted = False
    for claim, of_claim in modes.items():
        found = []
        for mode in of_claim:
            name = f"{claim.replace('-', '_')}_{mode}"
            path = folder / f"{name}.smt2"
            path.write_text(goal(functions[name], name))
            found += [f"{name}: {refutation}" for refutation in refutations(path)]
        proved = f"proved: {', '.join(of_claim)}, by z3 and cvc5"
        print(f"claim {claim} " + ("REFUTED: " + "; ".join(found) if found else proved))
        refuted = refuted or bool(found)
    return int(refuted)


sys.exit(main(sys.argv[1], pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3])))
