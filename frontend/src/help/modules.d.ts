declare module 'virtual:help-places' {
  const places: readonly {
    slug: string;
    audience: readonly import('./help-text').Reader[];
    routes: readonly string[];
  }[];
  export default places;
}
