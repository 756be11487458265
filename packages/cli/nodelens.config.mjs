import { runtime, gc } from '@nodelens/skills-builtin';
export default { operators: [{ skill: runtime() }, { skill: gc() }] };
