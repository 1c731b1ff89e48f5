# Doxygen's INPUT_FILTER. `T a, b;  ///< text` and the same with the text above are about both names; Doxygen gives it to one.
function one_by_one(line, text,    type, names, declarator, out) {
    match(line, /^ *(inline |static |constexpr |const |std::)*[A-Za-z_0-9:]+(<[^;=]*>)?(\*| const\*)? /)
    type = substr(line, 1, RLENGTH)
    names = substr(line, RLENGTH + 1)
    sub(/;.*/, ",", names)
    out = ""
    while (match(names, /^\*?[a-z_0-9]+( = [^,{]*(\{[^}]*\})?|\{[^}]*\})?, ?/)) {
        declarator = substr(names, 1, RLENGTH)
        sub(/, ?$/, "", declarator)
        out = out type declarator ";  /**< " text " */"
        names = substr(names, RLENGTH + 1)
    }
    return names == "" ? out : line
}
/^ *\/\/\/ / { above = above " " substr($0, index($0, "/// ") + 4) }
/^ *[A-Za-z_][^()]*[a-z_0-9}], \*?[a-z_0-9]+[^()]*;( *\/\/\/< .*)?$/ {
    text = above
    if (match($0, /\/\/\/< /)) text = substr($0, RSTART + 5)
    if (text != "") $0 = one_by_one($0, text)
}
!/^ *\/\/\/ / { above = "" }
{ print }
