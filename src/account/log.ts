/** The part of VS Code's LogOutputChannel that the core writes to. Messages never hold a secret. */
export interface Log {
  debug(message: string): void;
  info(message: string): void;
  warn(message: string): void;
  error(message: string): void;
}
