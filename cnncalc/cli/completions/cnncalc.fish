# Completion of cnncalc for fish.  cnncalc itself says what may come next, one proposal a line:
# its kind (word or files), a tab, the word, a tab, what it means.
function __cnncalc_complete
    set -l program (commandline -opc)[1]
    for proposal in (env _CNNCALC_COMPLETE=fish _CNNCALC_LINE=(commandline -cp | string collect) $program 2>/dev/null)
        set -l parts (string split \t -- $proposal)
        if test "$parts[1]" = files
            __fish_complete_path (commandline -ct)
        else
            printf '%s\t%s\n' $parts[2] $parts[3]
        end
    end
end
complete --command cnncalc --no-files --arguments '(__cnncalc_complete)'
