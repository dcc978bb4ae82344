// Vite makes files of imported styles; to TypeScript they are nothing.
declare module '*.css';
