# Completion of cnncalc for PowerShell.  cnncalc itself says what may come next, one proposal a line:
# its kind (word or files), a tab, the word, a tab, what it means.
Register-ArgumentCompleter -Native -CommandName cnncalc -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)
    $length = $cursorPosition - $commandAst.Extent.StartOffset
    $env:_CNNCALC_COMPLETE = 'powershell'
    $env:_CNNCALC_LINE = $commandAst.ToString().PadRight($length).Substring(0, $length)
    try {
        & $commandAst.CommandElements[0].Value | ForEach-Object {
            $kind, $value, $meaning = $_ -split "`t", 3
            if ($kind -eq 'files') {
                [System.Management.Automation.CompletionCompleters]::CompleteFilename($wordToComplete)
            } else {
                if (-not $meaning) { $meaning = $value }
                [System.Management.Automation.CompletionResult]::new($value, $value, 'ParameterValue', $meaning)
            }
        }
    } finally {
        Remove-Item Env:_CNNCALC_COMPLETE, Env:_CNNCALC_LINE -ErrorAction SilentlyContinue
    }
}
