declare module 'pgpass' {
  interface Target {
    host: string;
    port: number;
    database: string;
    user: string;
  }
  /** Calls back with undefined when the file is missing, unfit or has no matching line. */
  function pgpass(target: Target, callback: (password: string | undefined) => void): void;
  namespace pgpass {
    /** Redirects warnings, which go to standard error otherwise. Returns the former stream. */
    function warnTo(stream: NodeJS.WritableStream): NodeJS.WritableStream;
  }
  export = pgpass;
}
