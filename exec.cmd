@rem npm scripts say "exec node …" so that signals reach the script and not a shell; Windows has no exec.
@%*
