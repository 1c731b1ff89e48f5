"""solve.py CLANG FILE.cpp FOLDER: proves for each function FROM_to_TO of the file, as clang compiles it, that it is SMT-LIB's
to_fp for every input and rounding, and that no input meets what is undefined in C++. FROM is a format, or pack: a number in
parts. Both z3 and cvc5 must say so: two encodings of floating point that share nothing. Prints a line for each FROM_to_TO, a
claim of ../CLAIMS.md."""

import pathlib
import re
import subprocess
import sys

import llvm_to_smt

FORMATS = {"fp16": (5, 11), "bf16": (8, 8), "fp32": (8, 24)}
MODES = ("RNE", "RNA", "RTZ", "RTN", "RTP")  # in the order of Rounding
# Another SAT solver than cvc5's usual one: it takes half the time.
SOLVERS = (("z3", "-T:600"), ("cvc5", "--fp-exp", "--produce-models", "--bv-sat-solver=cryptominisat", "--tlimit=600000"))
INCLUDE = pathlib.Path(__file__).resolve().parents[2] / "include"
# What would be undefined becomes a branch to a trap before clang can make use of it; but for two checks of pointers, which
# need a memory. The threshold has every call inlined.
FLAGS = ("-std=c++20", "-O1", "-fsanitize=undefined", "-fno-sanitize=function,vptr", "-fsanitize-trap=undefined",
         "-mllvm", "-inline-threshold=10000", "-S", "-emit-llvm", "-I", INCLUDE)


def of_code(source, _):
    """A format's code x: the names of the operands, and the number."""
    e, p = FORMATS[source]
    return ("x",), f"(define-fun number () (_ FloatingPoint {e} {p}) ((_ to_fp {e} {p}) x))\n"


def of_parts(_, target):
    """(-1)^negative * (sig + below / 2^64) * 2^exp: the names of the operands, and the number. Only whether below is 0 is for
    it to say, so half a unit of sig stands for it: where sig has a bit more than the target, as it must then have, nothing
    between two integers is halfway. The integer is as wide as it is, and exp is added to the exponent that it has as a
    number."""
    _, p = FORMATS[target]
    return ("negative", "exp", "sig", "below"), (
        f"(assert (and (bvsle (bvneg (_ bv512 32)) exp) (bvslt exp (_ bv512 32))))\n"
        f"(assert (or (= below (_ bv0 64)) (bvuge sig (_ bv{1 << p} 64))))\n"
        f"(declare-const doubled (_ BitVec 76))\n"
        f"(assert (= ((_ to_fp 11 65) doubled)\n"
        f"  ((_ to_fp_unsigned 11 65) RNE (concat sig (ite (= below (_ bv0 64)) #b0 #b1)))))\n"
        f"(define-fun exponent () (_ BitVec 11)\n"
        f"  (bvadd ((_ extract 74 64) doubled) ((_ extract 10 0) (bvsub exp (_ bv1 32)))))\n"
        f"(define-fun number () (_ FloatingPoint 11 65)\n"
        f"  (fp negative (ite (= sig (_ bv0 64)) (_ bv0 11) exponent) ((_ extract 63 0) doubled)))\n")


def goal(function):
    """Is there an input on which the function differs from to_fp, or is undefined? NaNs are one value to SMT-LIB."""
    source, target = function.name.split("_to_")
    names, number = (of_parts if source == "pack" else of_code)(source, target)
    names = ("rounding", *names)
    operands, (e, p) = " ".join(names), FORMATS[target]
    mode = MODES[-1]
    for code, other in enumerate(MODES[:-1]):
        mode = f"(ite (= rounding (_ bv{code} 8)) {other} {mode})"
    declarations = (f"(declare-const {n} (_ BitVec {bits}))\n" for n, (bits, _) in zip(names, function.parameters))
    return ("(set-logic QF_BVFP)\n" + "".join(declarations) + f"(assert (bvult rounding (_ bv{len(MODES)} 8)))\n" +
            number + function.text() + f"(define-fun code () (_ BitVec 64) ({function.name} {operands}))\n"
            f"(assert (or ({function.name}.undefined {operands})\n"
            f"  (not (= ((_ extract 63 {e + p}) code) (_ bv0 {64 - e - p})))\n"
            f"  (not (= ((_ to_fp {e} {p}) ((_ extract {e + p - 1} 0) code)) ((_ to_fp {e} {p}) {mode} number)))))\n"
            f"(check-sat)\n(get-value ({operands} code))\n")


def refutations(path):
    """What the solvers answered, unless it is that there is no such input."""
    for command in SOLVERS:
        answer = subprocess.run([*command, path], capture_output=True, text=True).stdout.strip()
        if answer.split("\n")[0] != "unsat":
            yield command[0] + " says " + " ".join(answer.split())


def main(clang, source, folder):
    folder.mkdir(parents=True, exist_ok=True)
    ir = folder / (source.stem + ".ll")
    subprocess.run([clang, *FLAGS, source, "-o", ir], check=True)
    functions = llvm_to_smt.functions(ir.read_text())
    refuted = False
    for name in re.findall(r"uint64_t (\w+_to_\w+)\(", source.read_text()):
        path = folder / f"{name}.smt2"
        path.write_text(goal(functions[name]))
        found = list(refutations(path))
        print(f"claim {name.replace('_', '-')} " + ("REFUTED: " + "; ".join(found) if found else "proved: by z3 and cvc5"),
              flush=True)
        refuted = refuted or bool(found)
    return int(refuted)


sys.exit(main(sys.argv[1], pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3])))
