# Names that only the running lattice knows. Asked for when nothing else fits the place; silent when there is no lattice.
_wattle_names() {
  local words=() word kind='' i
  for ((i = 1; i < COMP_CWORD; i++)); do
    word=${COMP_WORDS[i]}
    case $word in -*) ;; *) words+=("$word") ;; esac
  done
  case "${COMP_WORDS[COMP_CWORD - 1]}" in
    --host-id | --host) kind=hosts ;;
    *)
      case "${words[*]}" in
        'get inventory' | label | 'stop host') kind=hosts ;;
        'app status' | 'app get' | 'app history' | 'app undeploy' | 'app delete' | 'app deploy') kind=apps ;;
        call | 'stop component' | 'scale component' | 'update component') kind=components ;;
        'stop provider') kind=providers ;;
        spy | logs | 'link put' | 'link put '* | 'link del') kind=ids ;;
      esac
      ;;
  esac
  [ -n "$kind" ] && wattle names "$kind" 2>/dev/null
}

_wattle_complete() {
  local current=${COMP_WORDS[COMP_CWORD]}
  _complete_wattle "$@"
  case $current in -*) return 0 ;; esac
  if [ ${#COMPREPLY[@]} -eq 0 ] || [ -z "${COMPREPLY[0]}" ]; then
    COMPREPLY=($(compgen -W "$(_wattle_names)" -- "$current"))
  fi
}

complete -F _wattle_complete -o default wattle
