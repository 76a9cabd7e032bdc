// Migrations are imported as text: esbuild's text loader in the build, a plugin in the tests.

declare module '*.sql' {
  const text: string;
  export default text;
}
