// Advice about the ports of a pod's containers (kubernetes pkg/api/pod/warnings.go).
import type { JsonObject } from "@slipway/yaml";
import { numberAt, objectsAt, textAt } from "../../admission/read-json.ts";
import type { PlacedContainer } from "./pod-warnings.ts";

interface PlacedPort {
  readonly place: string;
  readonly port: JsonObject;
  readonly name: string;
  readonly hostIP: string;
  readonly hostPort: number;
}

/** Ports that say the same twice, or almost. */
export function portWarnings(containers: readonly PlacedContainer[]): string[] {
  const ports = containers.flatMap(({ container, path }) =>
    objectsAt(container, "ports").map(
      (port, index): PlacedPort => ({
        place: `${path}.ports[${index}]`,
        port,
        name: textAt(port, "name") ?? "",
        hostIP: textAt(port, "hostIP") ?? "",
        hostPort: numberAt(port, "hostPort") ?? 0,
      }),
    ),
  );
  return [
    ...ports.flatMap((one, index) => [
      ...lonelyAddress(one),
      ...ports.slice(0, index).flatMap((other) => compare(one, other)),
    ]),
    ...sharedNames(ports),
  ];
}

function lonelyAddress({ place, port, name, hostIP, hostPort }: PlacedPort): string[] {
  if (hostIP === "" || hostPort !== 0) return [];
  const shown = `{Name:${name} HostPort:0 ContainerPort:${port.containerPort} Protocol:${port.protocol} HostIP:${hostIP}}`;
  return [`${place}: hostIP set without hostPort: ${shown}`];
}

function compare(one: PlacedPort, other: PlacedPort): string[] {
  const same =
    one.port.containerPort === other.port.containerPort && one.port.protocol === other.port.protocol;
  if (!same) return [];
  const tell = (what: string) => [`${one.place}: ${what} port definition with ${other.place}`];
  if (one.hostIP === other.hostIP && one.hostPort === other.hostPort) return tell("duplicate");
  if (one.hostPort === 0 || other.hostPort === 0) return tell("overlapping");
  const anyAddress = (one.hostIP === "") !== (other.hostIP === "");
  return one.hostPort === other.hostPort && anyAddress ? tell("dangerously ambiguous") : [];
}

function sharedNames(ports: readonly PlacedPort[]): string[] {
  const first = new Map<string, string>();
  return ports.flatMap(({ place, name }) => {
    if (name === "") return [];
    const other = first.get(name);
    if (other === undefined) {
      first.set(name, place);
      return [];
    }
    return [
      `${place}: duplicate port name ${JSON.stringify(name)} with ${other}, services and probes that select ports by name will use ${other}`,
    ];
  });
}
