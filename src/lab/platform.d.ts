// The few globals that Node, workers and pages share. src/lab is compiled without DOM and worker libraries, so that
// what it uses beyond the language is written down here and nowhere else.

interface AbortSignal {
  readonly aborted: boolean;
}
declare const performance: { now(): number };
declare function setTimeout(handler: () => void, milliseconds: number): unknown;
declare function btoa(binary: string): string;
declare function atob(text: string): string;
declare class TextDecoder {
  constructor(label?: string, options?: { fatal?: boolean });
  decode(input: Uint8Array): string;
}
declare class TextEncoder {
  encode(input: string): Uint8Array<ArrayBuffer>;
}
