import { Argument, Command } from "commander";
import { type CommandEntry, commands } from "../commands.ts";
import type { Shell } from "../shell.ts";

const shells = ["bash", "zsh", "fish"] as const;

/** A command for completion: its words and its flags. */
interface Completable {
  readonly entry: CommandEntry;
  readonly flags: readonly string[];
}

/** `slipway completion SHELL`: a script that completes commands, their subcommands and their flags. */
export function configure(command: Command, shell: Shell): void {
  command.addArgument(new Argument("<shell>", "your shell").choices(shells));
  command.action(async (name: (typeof shells)[number]) => {
    const completable: Completable[] = [];
    for (const entry of commands) completable.push({ entry, flags: await flagsOf(entry, shell) });
    const scripts = { bash: bashScript, zsh: zshScript, fish: fishScript };
    shell.stdout.write(scripts[name](completable));
  });
}

/** The long flags that a command declares. */
async function flagsOf(entry: CommandEntry, shell: Shell): Promise<readonly string[]> {
  const command = new Command(entry.name);
  (await entry.load()).configure(command, shell);
  const all = [command, ...command.commands].flatMap((each) => each.options);
  const long = all.filter((option) => !option.hidden).flatMap((option) => option.long ?? []);
  return [...new Set([...long, "--help"])];
}

function bashScript(completable: readonly Completable[]): string {
  const cases = completable.map(({ entry, flags }) => {
    const words = [...(entry.subcommands ?? []), ...flags].join(" ");
    return `    ${entry.name}) words="${words}" ;;`;
  });
  return `# slipway completion bash: put it into ~/.bashrc as  source <(slipway completion bash)
_slipway() {
  local current="\${COMP_WORDS[COMP_CWORD]}" words
  case "\${COMP_CWORD}:\${COMP_WORDS[1]}" in
    1:*) words="${names(completable)} --help --version" ;;
    *) case "\${COMP_WORDS[1]}" in
${cases.join("\n")}
    esac ;;
  esac
  case "\${COMP_WORDS[COMP_CWORD-1]}" in
    --release|--remotes|--directory|--file|-f|--kubeconfig) COMPREPLY=($(compgen -f -- "$current")); return ;;
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -o default -F _slipway slipway
`;
}

function zshScript(completable: readonly Completable[]): string {
  const described = completable.map(
    ({ entry }) => `    '${entry.name}:${entry.summary.replaceAll("'", "")}'`,
  );
  const cases = completable.map(
    ({ entry, flags }) =>
      `    ${entry.name}) compadd -- ${[...(entry.subcommands ?? []), ...flags].join(" ")}; _files ;;`,
  );
  return `#compdef slipway
# slipway completion zsh > a file called _slipway in a folder of your fpath
_slipway() {
  local -a names=(
${described.join("\n")}
  )
  if (( CURRENT == 2 )); then
    _describe command names
    return
  fi
  case "\${words[2]}" in
${cases.join("\n")}
  esac
}
compdef _slipway slipway
`;
}

function fishScript(completable: readonly Completable[]): string {
  const lines = [`# slipway completion fish > ~/.config/fish/completions/slipway.fish`];
  for (const { entry, flags } of completable) {
    const summary = entry.summary.replaceAll("'", "");
    lines.push(`complete -c slipway -n __fish_use_subcommand -a ${entry.name} -d '${summary}'`);
    const seen = `-n '__fish_seen_subcommand_from ${entry.name}'`;
    for (const word of entry.subcommands ?? []) lines.push(`complete -c slipway ${seen} -a ${word}`);
    for (const flag of flags) lines.push(`complete -c slipway ${seen} -l ${flag.slice(2)}`);
  }
  return `${lines.join("\n")}\n`;
}

function names(completable: readonly Completable[]): string {
  return completable.map(({ entry }) => entry.name).join(" ");
}
