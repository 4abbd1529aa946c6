#compdef cnncalc
# Completion of cnncalc for zsh.  cnncalc itself says what may come next, one proposal a line:
# its kind (word or files), a tab, the word, a tab, what it means.
_cnncalc() {
    local line kind value meaning files=
    local -a proposals
    while IFS= read -r line; do
        kind=${line%%$'\t'*}
        line=${line#*$'\t'}
        value=${line%%$'\t'*}
        meaning=${line#*$'\t'}
        if [[ $kind == files ]]; then
            files=1
        else
            proposals+=("${value//:/\\:}${meaning:+:$meaning}")
        fi
    done < <(_CNNCALC_COMPLETE=zsh _CNNCALC_LINE="${(j: :)words[1,CURRENT-1]} $PREFIX" ${words[1]} 2>/dev/null)
    (( $#proposals )) && _describe 'cnncalc' proposals
    [[ -n $files ]] && _files
    return 0
}
if [[ ${funcstack[1]} == _cnncalc ]]; then
    _cnncalc "$@"
else
    (( $+functions[compdef] )) || { autoload -Uz compinit && compinit }
    compdef _cnncalc cnncalc
fi
