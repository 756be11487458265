// Public API of @nodelens/core.
export { defineSkill } from './skill.ts';
