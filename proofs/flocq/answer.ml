(* Reads lines OPERATION FROM TO ROUNDING CODE..., codes in hexadecimal, and writes each with the code that Flocq's operation
   delivers. *)
open Flocq

(* The widths of the fraction and the exponent field. *)
let formats = ["e5m2", (2, 5); "e4m3_ieee", (3, 4); "binary16", (10, 5); "bfloat16", (7, 8); "binary32", (23, 8)]

let roundings =
  ["NearestEven", Mode_NE; "NearestAway", Mode_NA; "TowardZero", Mode_ZR; "Down", Mode_DN; "Up", Mode_UP]

let rec positive n =
  if n = 1 then XH else if n land 1 = 1 then XI (positive (n lsr 1)) else XO (positive (n lsr 1))

let z n = if n = 0 then Z0 else Zpos (positive n)

let rec of_positive = function XH -> 1 | XO p -> 2 * of_positive p | XI p -> 2 * of_positive p + 1

let of_z = function Z0 -> 0 | Zpos p -> of_positive p | Zneg p -> - of_positive p

let widths name =
  let fraction, exponent = List.assoc name formats in
  z fraction, z exponent

let answer line =
  match String.split_on_char ' ' line with
  | operation :: source :: target :: rounding :: codes ->
    let (f', e'), (f, e) = widths source, widths target and r = List.assoc rounding roundings in
    of_z (match operation, List.map (fun code -> z (int_of_string ("0x" ^ code))) codes with
    | "add", [a; b] -> plus f e r a b
    | "sub", [a; b] -> minus f e r a b
    | "mul", [a; b] -> times f e r a b
    | "div", [a; b] -> divided f e r a b
    | "sqrt", [a] -> root f e r a
    | "fma", [a; b; c] -> fused f e r a b c
    | "convert", [a] -> rounded f e (p f') (emax e') r (decode f' e' a)
    | _ -> failwith line)
  | _ -> failwith line

let () =
  try
    while true do
      let line = input_line stdin in
      Printf.printf "%s %x\n" line (answer line)
    done
  with End_of_file -> ()
