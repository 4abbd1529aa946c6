# Completion of cnncalc for bash.  cnncalc itself says what may come next, one proposal a line:
# its kind (word or files), a tab, the word, a tab, what it means.
_cnncalc() {
    local kind value rest current=${COMP_WORDS[COMP_CWORD]} files=
    [[ $current == "=" ]] && current=
    COMPREPLY=()
    while IFS=$'\t' read -r kind value rest; do
        if [[ $kind == files ]]; then files=1; else COMPREPLY+=("$value"); fi
    done < <(_CNNCALC_COMPLETE=bash _CNNCALC_LINE="${COMP_LINE:0:COMP_POINT}" "$1" 2>/dev/null)
    # Without a word, bash completes file names itself; with some, their names are added.
    if [[ -n $files && ${#COMPREPLY[@]} -gt 0 ]]; then
        compopt -o filenames 2>/dev/null
        while IFS= read -r value; do COMPREPLY+=("$value"); done < <(compgen -f -- "$current")
    elif [[ ${#COMPREPLY[@]} -eq 0 && -z $files ]]; then
        compopt +o default +o bashdefault 2>/dev/null
    fi
    return 0
}
complete -o bashdefault -o default -F _cnncalc cnncalc
